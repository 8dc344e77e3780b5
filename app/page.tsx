import { redirect } from 'next/navigation';

/** The dashboard is the front page. */
export default function Home() {
  redirect('/vpn');
}
