import { Snippet } from '../_ui/snippet';
import styles from './guide.module.css';

const NGINX = `# in the http block
log_format timed '$remote_addr - $remote_user [$time_local] "$request" '
                 '$status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time';

# in the server block
access_log /var/log/nginx/access.log timed;`;

const SERVE = `# behind tailscale serve or another proxy on this device
set_real_ip_from 127.0.0.1;
real_ip_header X-Forwarded-For;`;

/** Explains how to set up nginx and which variable to set, when no access log is named. */
export function LogGuide() {
  return (
    <section className={styles.guide} aria-labelledby="log-guide">
      <h2 id="log-guide">Show who reaches what</h2>
      <p>
        This page reads the access log of the web server your tailnet uses. None is set yet. After
        two steps, the first access appears here within five seconds.
      </p>
      <ol>
        <li>
          <h3>Have nginx log response times</h3>
          <p>
            The usual formats work as they are; this one adds the duration of each response. Reload
            nginx afterwards.
          </p>
          <Snippet label="nginx log format" text={NGINX} />
          <p>Behind a proxy, so that the log names the client and not the proxy:</p>
          <Snippet label="nginx real client address" text={SERVE} />
        </li>
        <li>
          <h3>Set its path</h3>
          <p>A file or a pattern; rotated files beside it are read too.</p>
          <Snippet
            label="Access log variable"
            text="ACCESS_LOG=/var/log/nginx/access.log npm start"
          />
        </li>
      </ol>
    </section>
  );
}
