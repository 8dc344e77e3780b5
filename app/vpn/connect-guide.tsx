import { Snippet } from '../_ui/snippet';
import styles from './guide.module.css';

/** Teaches how to connect a tailnet, when there is none and no demo either. */
export function ConnectGuide() {
  return (
    <section className={styles.guide} aria-labelledby="connect">
      <h2 id="connect">Connect your tailnet</h2>
      <p>
        No tailscaled was found on this machine. Any one of these is enough; restart afterwards, or
        wait: a socket that appears is found by itself.
      </p>
      <ol>
        <li>
          <h3>tailscaled on this machine</h3>
          <p>Its socket is found by itself. If it is somewhere else, say where:</p>
          <Snippet
            label="Socket"
            text="TAILSCALE_SOCKET=/var/run/tailscale/tailscaled.sock npm start"
          />
        </li>
        <li>
          <h3>tailscaled in a container beside this one</h3>
          <p>Run the sidecar of this project next to it, and point here:</p>
          <Snippet label="Sidecar" text="TAILSCALE_PROXY_URL=http://127.0.0.1:8765 npm start" />
        </li>
        <li>
          <h3>Only the command line tool</h3>
          <p>A tailscale command on the PATH is used; another one is named so:</p>
          <Snippet label="Command line" text="TAILSCALE_CLI=/usr/bin/tailscale npm start" />
        </li>
      </ol>
      <p>
        Only want to look around? <code>DEMO=1 npm start</code> shows a made-up tailnet.
      </p>
    </section>
  );
}
