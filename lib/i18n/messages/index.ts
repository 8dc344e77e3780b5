import enAlertTexts from './en/alertTexts.json' with { type: 'json' };
import enAlerts from './en/alerts.json' with { type: 'json' };
import enCollectors from './en/collectors.json' with { type: 'json' };
import enCommon from './en/common.json' with { type: 'json' };
import enDevice from './en/device.json' with { type: 'json' };
import enDoctor from './en/doctor.json' with { type: 'json' };
import enEvents from './en/events.json' with { type: 'json' };
import enFormat from './en/format.json' with { type: 'json' };
import enHealthPage from './en/healthPage.json' with { type: 'json' };
import enHealthProblems from './en/healthProblems.json' with { type: 'json' };
import enMessageTexts from './en/messageTexts.json' with { type: 'json' };
import enOwnDevice from './en/ownDevice.json' with { type: 'json' };
import enPalette from './en/palette.json' with { type: 'json' };
import enProblems from './en/problems.json' with { type: 'json' };
import enProofs from './en/proofs.json' with { type: 'json' };
import enRefusals from './en/refusals.json' with { type: 'json' };
import enRelayCauses from './en/relayCauses.json' with { type: 'json' };
import enUi from './en/ui.json' with { type: 'json' };
import esAlertTexts from './es/alertTexts.json' with { type: 'json' };
import esAlerts from './es/alerts.json' with { type: 'json' };
import esCollectors from './es/collectors.json' with { type: 'json' };
import esCommon from './es/common.json' with { type: 'json' };
import esDevice from './es/device.json' with { type: 'json' };
import esDoctor from './es/doctor.json' with { type: 'json' };
import esEvents from './es/events.json' with { type: 'json' };
import esFormat from './es/format.json' with { type: 'json' };
import esHealthPage from './es/healthPage.json' with { type: 'json' };
import esHealthProblems from './es/healthProblems.json' with { type: 'json' };
import esMessageTexts from './es/messageTexts.json' with { type: 'json' };
import esOwnDevice from './es/ownDevice.json' with { type: 'json' };
import esPalette from './es/palette.json' with { type: 'json' };
import esProblems from './es/problems.json' with { type: 'json' };
import esProofs from './es/proofs.json' with { type: 'json' };
import esRefusals from './es/refusals.json' with { type: 'json' };
import esRelayCauses from './es/relayCauses.json' with { type: 'json' };
import esUi from './es/ui.json' with { type: 'json' };

const en = {
  alertTexts: enAlertTexts,
  alerts: enAlerts,
  collectors: enCollectors,
  common: enCommon,
  device: enDevice,
  doctor: enDoctor,
  events: enEvents,
  format: enFormat,
  healthPage: enHealthPage,
  healthProblems: enHealthProblems,
  messageTexts: enMessageTexts,
  ownDevice: enOwnDevice,
  palette: enPalette,
  problems: enProblems,
  proofs: enProofs,
  refusals: enRefusals,
  relayCauses: enRelayCauses,
  ui: enUi,
};

/** Every text, by language and area. What is in English must be in each language: the compiler checks that. */
export const messages: { en: typeof en; es: typeof en } = {
  en,
  es: {
    alertTexts: esAlertTexts,
    alerts: esAlerts,
    collectors: esCollectors,
    common: esCommon,
    device: esDevice,
    doctor: esDoctor,
    events: esEvents,
    format: esFormat,
    healthPage: esHealthPage,
    healthProblems: esHealthProblems,
    messageTexts: esMessageTexts,
    ownDevice: esOwnDevice,
    palette: esPalette,
    problems: esProblems,
    proofs: esProofs,
    refusals: esRefusals,
    relayCauses: esRelayCauses,
    ui: esUi,
  },
};

export type Area = keyof typeof en;
/** An area and a name in it, such as `format.now`. */
export type MessageKey = { [A in Area]: `${A}.${Extract<keyof (typeof en)[A], string>}` }[Area];
