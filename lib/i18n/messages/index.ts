import enAlertTexts from './en/alertTexts.json' with { type: 'json' };
import enAlerts from './en/alerts.json' with { type: 'json' };
import enCommon from './en/common.json' with { type: 'json' };
import enDevice from './en/device.json' with { type: 'json' };
import enEvents from './en/events.json' with { type: 'json' };
import enFormat from './en/format.json' with { type: 'json' };
import enHealthPage from './en/healthPage.json' with { type: 'json' };
import enMessageTexts from './en/messageTexts.json' with { type: 'json' };
import enOwnDevice from './en/ownDevice.json' with { type: 'json' };
import enPalette from './en/palette.json' with { type: 'json' };
import enUi from './en/ui.json' with { type: 'json' };
import esAlertTexts from './es/alertTexts.json' with { type: 'json' };
import esAlerts from './es/alerts.json' with { type: 'json' };
import esCommon from './es/common.json' with { type: 'json' };
import esDevice from './es/device.json' with { type: 'json' };
import esEvents from './es/events.json' with { type: 'json' };
import esFormat from './es/format.json' with { type: 'json' };
import esHealthPage from './es/healthPage.json' with { type: 'json' };
import esMessageTexts from './es/messageTexts.json' with { type: 'json' };
import esOwnDevice from './es/ownDevice.json' with { type: 'json' };
import esPalette from './es/palette.json' with { type: 'json' };
import esUi from './es/ui.json' with { type: 'json' };

const en = {
  alertTexts: enAlertTexts,
  alerts: enAlerts,
  common: enCommon,
  device: enDevice,
  events: enEvents,
  format: enFormat,
  healthPage: enHealthPage,
  messageTexts: enMessageTexts,
  ownDevice: enOwnDevice,
  palette: enPalette,
  ui: enUi,
};

/** Every text, by language and area. What is in English must be in each language: the compiler checks that. */
export const messages: { en: typeof en; es: typeof en } = {
  en,
  es: {
    alertTexts: esAlertTexts,
    alerts: esAlerts,
    common: esCommon,
    device: esDevice,
    events: esEvents,
    format: esFormat,
    healthPage: esHealthPage,
    messageTexts: esMessageTexts,
    ownDevice: esOwnDevice,
    palette: esPalette,
    ui: esUi,
  },
};

export type Area = keyof typeof en;
/** An area and a name in it, such as `format.now`. */
export type MessageKey = { [A in Area]: `${A}.${Extract<keyof (typeof en)[A], string>}` }[Area];
