import { Snippet } from '../_ui/snippet';
import styles from './guide.module.css';

/** Explains how to connect a tailnet, when there is neither one nor the demo. */
export function ConnectGuide() {
  return (
    <section className={styles.guide} aria-labelledby="connect">
      <h2 id="connect">Connect your tailnet</h2>
      <p>
        No tailscaled was found on this device. Any one of these is enough. Restart afterwards, or
        wait: a socket that appears later is found automatically.
      </p>
      <ol>
        <li>
          <h3>tailscaled on this device</h3>
          <p>Its socket is found automatically. If it is somewhere else, set its path:</p>
          <Snippet
            label="Socket"
            text="TAILSCALE_SOCKET=/var/run/tailscale/tailscaled.sock npm start"
          />
        </li>
        <li>
          <h3>tailscaled in a container beside this one</h3>
          <p>Run this project’s sidecar next to it, and set its address:</p>
          <Snippet label="Sidecar" text="TAILSCALE_PROXY_URL=http://127.0.0.1:8765 npm start" />
        </li>
        <li>
          <h3>Only the command-line tool</h3>
          <p>
            A <code>tailscale</code> command on the PATH is used. To use another one:
          </p>
          <Snippet label="Command-line tool" text="TAILSCALE_CLI=/usr/bin/tailscale npm start" />
        </li>
      </ol>
      <p>
        Only want to look around? <code>DEMO=1 npm start</code> shows a made-up tailnet.
      </p>
    </section>
  );
}
