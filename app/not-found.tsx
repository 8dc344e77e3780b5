import { Message } from './_ui/message';

/** 404. */
export default function NotFound() {
  return (
    <Message title="There is no such page">
      <a href="/vpn">Go to the dashboard</a>
    </Message>
  );
}
