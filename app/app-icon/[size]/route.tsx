import { ImageResponse } from 'next/og';

/** The icons of the installed page, in pixels: Android asks for the first two, iOS for the last. */
const SIZES = ['192', '512', '180'];

export const dynamic = 'force-static';
export const dynamicParams = false;
export const generateStaticParams = () => SIZES.map((size) => ({ size: `${size}.png` }));

/** Draws `icon.svg`, without its rounded corners, which the systems cut themselves. */
export async function GET(_: Request, { params }: { params: Promise<{ size: string }> }) {
  const size = Number.parseInt((await params).size, 10);
  return new ImageResponse(
    <svg xmlns="http://www.w3.org/2000/svg" width={size} height={size} viewBox="0 0 32 32">
      <title>Tailnet Observatory</title>
      <rect width="32" height="32" fill="#171b22" />
      <ellipse
        cx="16"
        cy="16"
        rx="9"
        ry="4.3"
        fill="none"
        stroke="#8ea2ff"
        strokeWidth="1.7"
        transform="rotate(-28 16 16)"
      />
      <circle cx="16" cy="16" r="3.3" fill="#e7eaf0" />
      <circle cx="23.5" cy="11.4" r="2" fill="#8ea2ff" />
    </svg>,
    { width: size, height: size },
  );
}
