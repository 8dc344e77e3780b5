import enAccessList from './en/accessList.json' with { type: 'json' };
import enAlerts from './en/alerts.json' with { type: 'json' };
import enAlertTexts from './en/alertTexts.json' with { type: 'json' };
import enApiDocs from './en/apiDocs.json' with { type: 'json' };
import enAudit from './en/audit.json' with { type: 'json' };
import enAuditTexts from './en/auditTexts.json' with { type: 'json' };
import enChannelFaults from './en/channelFaults.json' with { type: 'json' };
import enCollectors from './en/collectors.json' with { type: 'json' };
import enCommon from './en/common.json' with { type: 'json' };
import enConnections from './en/connections.json' with { type: 'json' };
import enCsvFaults from './en/csvFaults.json' with { type: 'json' };
import enDashboard from './en/dashboard.json' with { type: 'json' };
import enDevice from './en/device.json' with { type: 'json' };
import enDeviceList from './en/deviceList.json' with { type: 'json' };
import enDigest from './en/digest.json' with { type: 'json' };
import enDoctor from './en/doctor.json' with { type: 'json' };
import enErrors from './en/errors.json' with { type: 'json' };
import enEvents from './en/events.json' with { type: 'json' };
import enFaults from './en/faults.json' with { type: 'json' };
import enFirstContact from './en/firstContact.json' with { type: 'json' };
import enFormat from './en/format.json' with { type: 'json' };
import enHealthPage from './en/healthPage.json' with { type: 'json' };
import enHealthProblems from './en/healthProblems.json' with { type: 'json' };
import enInflux from './en/influx.json' with { type: 'json' };
import enInventory from './en/inventory.json' with { type: 'json' };
import enLearning from './en/learning.json' with { type: 'json' };
import enLogDoctor from './en/logDoctor.json' with { type: 'json' };
import enLogs from './en/logs.json' with { type: 'json' };
import enMcp from './en/mcp.json' with { type: 'json' };
import enMe from './en/me.json' with { type: 'json' };
import enMessageTexts from './en/messageTexts.json' with { type: 'json' };
import enModels from './en/models.json' with { type: 'json' };
import enOwnDevice from './en/ownDevice.json' with { type: 'json' };
import enPalette from './en/palette.json' with { type: 'json' };
import enProblems from './en/problems.json' with { type: 'json' };
import enProofs from './en/proofs.json' with { type: 'json' };
import enRefusals from './en/refusals.json' with { type: 'json' };
import enRejected from './en/rejected.json' with { type: 'json' };
import enRelayCauses from './en/relayCauses.json' with { type: 'json' };
import enRules from './en/rules.json' with { type: 'json' };
import enServiceList from './en/serviceList.json' with { type: 'json' };
import enSettingFaults from './en/settingFaults.json' with { type: 'json' };
import enSettings from './en/settings.json' with { type: 'json' };
import enStores from './en/stores.json' with { type: 'json' };
import enTailscaled from './en/tailscaled.json' with { type: 'json' };
import enTraffic from './en/traffic.json' with { type: 'json' };
import enUi from './en/ui.json' with { type: 'json' };
import enUsage from './en/usage.json' with { type: 'json' };
import enView from './en/view.json' with { type: 'json' };
import enWidgets from './en/widgets.json' with { type: 'json' };
import esAccessList from './es/accessList.json' with { type: 'json' };
import esAlerts from './es/alerts.json' with { type: 'json' };
import esAlertTexts from './es/alertTexts.json' with { type: 'json' };
import esApiDocs from './es/apiDocs.json' with { type: 'json' };
import esAudit from './es/audit.json' with { type: 'json' };
import esAuditTexts from './es/auditTexts.json' with { type: 'json' };
import esChannelFaults from './es/channelFaults.json' with { type: 'json' };
import esCollectors from './es/collectors.json' with { type: 'json' };
import esCommon from './es/common.json' with { type: 'json' };
import esConnections from './es/connections.json' with { type: 'json' };
import esCsvFaults from './es/csvFaults.json' with { type: 'json' };
import esDashboard from './es/dashboard.json' with { type: 'json' };
import esDevice from './es/device.json' with { type: 'json' };
import esDeviceList from './es/deviceList.json' with { type: 'json' };
import esDigest from './es/digest.json' with { type: 'json' };
import esDoctor from './es/doctor.json' with { type: 'json' };
import esErrors from './es/errors.json' with { type: 'json' };
import esEvents from './es/events.json' with { type: 'json' };
import esFaults from './es/faults.json' with { type: 'json' };
import esFirstContact from './es/firstContact.json' with { type: 'json' };
import esFormat from './es/format.json' with { type: 'json' };
import esHealthPage from './es/healthPage.json' with { type: 'json' };
import esHealthProblems from './es/healthProblems.json' with { type: 'json' };
import esInflux from './es/influx.json' with { type: 'json' };
import esInventory from './es/inventory.json' with { type: 'json' };
import esLearning from './es/learning.json' with { type: 'json' };
import esLogDoctor from './es/logDoctor.json' with { type: 'json' };
import esLogs from './es/logs.json' with { type: 'json' };
import esMcp from './es/mcp.json' with { type: 'json' };
import esMe from './es/me.json' with { type: 'json' };
import esMessageTexts from './es/messageTexts.json' with { type: 'json' };
import esModels from './es/models.json' with { type: 'json' };
import esOwnDevice from './es/ownDevice.json' with { type: 'json' };
import esPalette from './es/palette.json' with { type: 'json' };
import esProblems from './es/problems.json' with { type: 'json' };
import esProofs from './es/proofs.json' with { type: 'json' };
import esRefusals from './es/refusals.json' with { type: 'json' };
import esRejected from './es/rejected.json' with { type: 'json' };
import esRelayCauses from './es/relayCauses.json' with { type: 'json' };
import esRules from './es/rules.json' with { type: 'json' };
import esServiceList from './es/serviceList.json' with { type: 'json' };
import esSettingFaults from './es/settingFaults.json' with { type: 'json' };
import esSettings from './es/settings.json' with { type: 'json' };
import esStores from './es/stores.json' with { type: 'json' };
import esTailscaled from './es/tailscaled.json' with { type: 'json' };
import esTraffic from './es/traffic.json' with { type: 'json' };
import esUi from './es/ui.json' with { type: 'json' };
import esUsage from './es/usage.json' with { type: 'json' };
import esView from './es/view.json' with { type: 'json' };
import esWidgets from './es/widgets.json' with { type: 'json' };

const en = {
  accessList: enAccessList,
  alertTexts: enAlertTexts,
  alerts: enAlerts,
  apiDocs: enApiDocs,
  audit: enAudit,
  auditTexts: enAuditTexts,
  channelFaults: enChannelFaults,
  collectors: enCollectors,
  common: enCommon,
  connections: enConnections,
  csvFaults: enCsvFaults,
  dashboard: enDashboard,
  device: enDevice,
  deviceList: enDeviceList,
  digest: enDigest,
  doctor: enDoctor,
  errors: enErrors,
  events: enEvents,
  faults: enFaults,
  firstContact: enFirstContact,
  format: enFormat,
  healthPage: enHealthPage,
  healthProblems: enHealthProblems,
  influx: enInflux,
  inventory: enInventory,
  learning: enLearning,
  logDoctor: enLogDoctor,
  logs: enLogs,
  mcp: enMcp,
  me: enMe,
  messageTexts: enMessageTexts,
  models: enModels,
  ownDevice: enOwnDevice,
  palette: enPalette,
  problems: enProblems,
  proofs: enProofs,
  refusals: enRefusals,
  rejected: enRejected,
  relayCauses: enRelayCauses,
  rules: enRules,
  serviceList: enServiceList,
  settingFaults: enSettingFaults,
  settings: enSettings,
  stores: enStores,
  tailscaled: enTailscaled,
  traffic: enTraffic,
  ui: enUi,
  usage: enUsage,
  view: enView,
  widgets: enWidgets,
};

/** Every text, by language and area. What is in English must be in each language: the compiler checks that. */
export const messages: { en: typeof en; es: typeof en } = {
  en,
  es: {
    accessList: esAccessList,
    alertTexts: esAlertTexts,
    alerts: esAlerts,
    apiDocs: esApiDocs,
    audit: esAudit,
    auditTexts: esAuditTexts,
    channelFaults: esChannelFaults,
    collectors: esCollectors,
    common: esCommon,
    connections: esConnections,
    csvFaults: esCsvFaults,
    dashboard: esDashboard,
    device: esDevice,
    deviceList: esDeviceList,
    digest: esDigest,
    doctor: esDoctor,
    errors: esErrors,
    events: esEvents,
    faults: esFaults,
    firstContact: esFirstContact,
    format: esFormat,
    healthPage: esHealthPage,
    healthProblems: esHealthProblems,
    influx: esInflux,
    inventory: esInventory,
    learning: esLearning,
    logDoctor: esLogDoctor,
    logs: esLogs,
    mcp: esMcp,
    me: esMe,
    messageTexts: esMessageTexts,
    models: esModels,
    ownDevice: esOwnDevice,
    palette: esPalette,
    problems: esProblems,
    proofs: esProofs,
    refusals: esRefusals,
    rejected: esRejected,
    relayCauses: esRelayCauses,
    rules: esRules,
    serviceList: esServiceList,
    settingFaults: esSettingFaults,
    settings: esSettings,
    stores: esStores,
    tailscaled: esTailscaled,
    traffic: esTraffic,
    ui: esUi,
    usage: esUsage,
    view: esView,
    widgets: esWidgets,
  },
};

export type Area = keyof typeof en;
/** An area and a name in it, such as `format.now`. */
export type MessageKey = { [A in Area]: `${A}.${Extract<keyof (typeof en)[A], string>}` }[Area];
