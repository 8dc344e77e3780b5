import { bodyOf, inUnits, SLACK } from '../markup';
import { SIGNS } from '../message-content';
import type { Notifier } from '../notifier';
import { oneLine } from '../one-line';
import { COLOURS } from './colours';
import { type Common, HttpChannel, secretsIn } from './http-channel';

/** https://docs.slack.dev/reference/block-kit/blocks/header-block, and …/section-block */
const TITLE_MAX = 150;
const TEXT = { max: 3_000, measure: inUnits };

export type SlackSettings = {
  /** The address of an incoming webhook, which is its secret too. */
  url: string;
};

/**
 * Sends blocks to an incoming webhook of Slack (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks),
 * or of what understands them, such as Mattermost. No name in a message mentions anyone, or becomes a link.
 */
export function slack({ url }: SlackSettings, common: Common): Notifier {
  const hook = new URL(url);
  return new HttpChannel(
    {
      name: 'slack',
      title: 'Slack',
      // One message a second (https://docs.slack.dev/apis/web-api/rate-limits).
      minGapMs: 1_000,
      call: (content) => {
        const title = oneLine(`${SIGNS[content.level]} ${content.title}`, TITLE_MAX);
        const { url: page, linkText } = content;
        const link = page === null || linkText === null ? '' : SLACK.link(linkText, page);
        const sections = [bodyOf(content, SLACK, TEXT), link].filter((text) => text !== '');
        return {
          url: hook,
          body: {
            // What a notification shows.
            text: SLACK.text(title),
            attachments: [
              {
                color: `#${COLOURS[content.level].toString(16).padStart(6, '0')}`,
                blocks: [
                  { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
                  ...sections.map((text) => ({
                    type: 'section',
                    text: { type: 'mrkdwn', text, verbatim: true },
                  })),
                ],
              },
            ],
            unfurl_links: false,
            unfurl_media: false,
          },
        };
      },
      remedies: {
        403: 'channelFaults.slackForbidden',
        404: 'channelFaults.slackRemoved',
        410: 'channelFaults.slackArchived',
      },
      // A word, such as `no_service`.
      reasonIn: (body) => (/^[a-z_ ]{1,60}$/.test(body) ? body : null),
      secrets: secretsIn(hook),
    },
    common,
  );
}
