// The plots of each view: which series they show, and what they are called.
import { isForeign, isLink, keyOf, plotUnit } from './series.js';

const want = (name, labels) => ({ name, labels });
const by = (label) => (series) => series.metric[label];
const named = (names) => (series) => names[series.name] ?? series.labels;

/** Plots of the view of other programs; more are found by the search. */
const MOST_FOREIGN = 16;

/** Plots of modems and links on the overview. */
const MOST_LINKS = 6;

/** A plot of one metric, whose lines are called by these labels. */
const of = (name, title, labels, limits) => ({ id: name, title, wants: [want(name)], label: ({ metric }) => labels.map((label) => metric[label]).join(' '), ...limits });

const FROM_ZERO = { min: 0 };
const SHARE = { min: 0, max: 100 };

/** Of a bonding sender, its modems and the receiver. */
const LINKS = [
  of('link_bitrate_bps', 'Bitrate per link', ['link'], FROM_ZERO),
  of('link_rtt_ms', 'Round trip per link', ['link'], FROM_ZERO),
  of('link_naks_total', 'Lost packets per link', ['link'], FROM_ZERO),
  of('modem_rsrp_dbm', 'Signal, RSRP', ['interface', 'technology']),
  of('modem_signal_quality_percent', 'Signal quality', ['interface'], SHARE),
  of('receiver_bitrate_bps', 'Bitrate at the receiver', ['publisher'], FROM_ZERO),
];

const ENCODER = [
  of('accelerator_load_percent', 'Load of encoders, GPU and NPU', ['device'], SHARE),
  of('hdmi_frames_per_second', 'HDMI, frames per second', ['input'], FROM_ZERO),
  of('sensor_voltage_volts', 'Voltages', ['chip', 'sensor']),
];

/** Loopback carries the agent's own page. */
const isLoopback = (series) => series.metric.interface === 'lo';

const UPLINK = [
  { id: 'pending', title: 'Pending samples', min: 0, wants: [want('storage_metrics_pending_upload')], label: () => 'pending' },
  { id: 'oldest', title: 'Age of the oldest pending sample', unit: 'age', min: 0, wants: [want('storage_oldest_pending_seconds')], label: () => 'oldest' },
  { id: 'sent', title: 'Sent to the server', min: 0, wants: [want('uploader_sent_bytes_total')], label: () => 'uploads' },
];

const DEVICE = [
  {
    id: 'cpu',
    title: 'CPU',
    min: 0,
    max: 100,
    wants: [want('cpu_usage_percent', { core: 'all' }), want('cpu_iowait_percent', { core: 'all' })],
    label: named({ cpu_usage_percent: 'busy', cpu_iowait_percent: 'waiting for a disk' }),
  },
  {
    id: 'memory',
    title: 'Memory',
    min: 0,
    wants: [want('memory_used_bytes'), want('memory_total_bytes'), want('memory_swap_used_bytes')],
    label: named({ memory_used_bytes: 'used', memory_total_bytes: 'total', memory_swap_used_bytes: 'swap used' }),
  },
  {
    id: 'temperature',
    title: 'Temperature',
    wants: [want('cpu_temperature_celsius'), want('thermal_zone_temp_celsius')],
    label: (series) => (series.name === 'cpu_temperature_celsius' ? 'processor, hottest' : series.metric.zone),
  },
  {
    id: 'throttling',
    title: 'Throttling: state of the cooling devices',
    min: 0,
    max: 1,
    unit: '',
    wants: [want('cpu_throttled'), want('thermal_cooling_state')],
    label: ({ name, metric }) => (name === 'cpu_throttled' ? 'cores held back' : [metric.type, metric.device].filter(Boolean).join(' ')),
  },
  {
    id: 'pressure',
    title: 'Pressure: time in which work waited',
    min: 0,
    wants: [want('pressure_waiting_seconds_total')],
    label: by('resource'),
  },
  {
    id: 'load',
    title: 'Load',
    min: 0,
    wants: [want('load_1m'), want('load_15m')],
    label: named({ load_1m: '1 min', load_15m: '15 min' }),
  },
  { id: 'filesystems', title: 'File systems, used', min: 0, max: 100, wants: [want('filesystem_used_percent')], label: by('mountpoint') },
  {
    id: 'disks',
    title: 'Disks',
    min: 0,
    wants: [want('disk_read_bytes_total'), want('disk_write_bytes_total')],
    label: (series) => `${series.metric.device} ${series.name === 'disk_read_bytes_total' ? 'read' : 'written'}`,
  },
];

const NETWORK = [
  { id: 'tx', title: 'Sent per interface', min: 0, wants: [want('network_tx_bytes_total')], label: by('interface'), skip: isLoopback },
  { id: 'rx', title: 'Received per interface', min: 0, wants: [want('network_rx_bytes_total')], label: by('interface'), skip: isLoopback },
];

const ERRORS = {
  id: 'network-errors',
  title: 'Packets with errors, or dropped',
  min: 0,
  wants: ['rx_errors', 'rx_dropped', 'tx_errors', 'tx_dropped'].map((name) => want(`network_${name}_total`)),
  label: (series) => `${series.metric.interface} ${series.name.replace(/^network_|_total$/g, '').replace('_', ' ')}`,
  busiest: true,
};

const COLLECTORS = [
  { id: 'passes', title: 'Samples stored', min: 0, wants: [want('collector_metrics_collected_total')], label: by('collector'), busiest: true },
  { id: 'failures', title: 'Samples lost', min: 0, wants: [want('collector_metrics_failed_total')], label: by('collector'), busiest: true },
  { id: 'duration', title: 'Time of a pass, 95 % of the newest 256', min: 0, wants: [want('collector_collection_duration_seconds_p95')], label: by('collector'), busiest: true },
  { id: 'agent-memory', title: 'Memory of the agent', min: 0, wants: [want('agent_memory_resident_bytes')], label: () => 'resident' },
  { id: 'agent-cpu', title: 'Processor time of the agent', min: 0, wants: [want('agent_cpu_seconds_total')], label: () => 'one core is 100 %' },
  {
    id: 'database',
    title: 'Database',
    min: 0,
    wants: [want('storage_database_size_bytes'), want('storage_wal_size_bytes')],
    label: named({ storage_database_size_bytes: 'file', storage_wal_size_bytes: 'log' }),
  },
];

/** Names of other programs' numbers; those that are measured now come first. */
function foreign(catalog, pick) {
  const names = (list) => list.filter((series) => !series.text && pick(series.name)).map((series) => series.name).sort();
  return [...new Set([...names(catalog.all()), ...names(catalog.known())])];
}

const ofName = (name) => ({ id: `name-${name}`, title: name, wants: [want(name)], min: undefined });

/** Panels of which a series is known. */
function present(catalog, panels) {
  const names = new Set(catalog.known().map(({ name }) => name));
  return panels.filter(({ id }) => names.has(id));
}

/** One panel for the two directions of each interface, also of those that are gone. */
function interfaces(catalog) {
  const received = catalog.known().filter((series) => series.name === 'network_rx_bytes_total');
  const names = [...new Set(received.map((series) => series.metric.interface))];
  names.sort((a, b) => (a === 'lo') - (b === 'lo') || a.localeCompare(b));
  return names.map((name) => ({
    id: `interface-${name}`,
    title: name,
    min: 0,
    wants: [want('network_tx_bytes_total', { interface: name }), want('network_rx_bytes_total', { interface: name })],
    label: named({ network_tx_bytes_total: 'sent', network_rx_bytes_total: 'received' }),
  }));
}

/** Chosen series, by unit and kind. */
function chosenPanels(catalog, chosen) {
  const groups = new Map();
  for (const key of chosen) {
    const series = catalog.known().find((one) => one.key === key);
    const unit = series ? plotUnit(series) : '';
    groups.set(unit, [...(groups.get(unit) ?? []), { key }]);
  }
  return [...groups].map(([unit, wants], i) => ({
    id: `chosen-${i}`,
    title: wants.length === 1 ? wants[0].key.split('{')[0] : 'Chosen series',
    unit: unit || undefined,
    wants,
    label: (series) => [series.name, series.labels].filter(Boolean).join(' '),
  }));
}

/** Sections of a view: a heading, and panels below it; of links and encoders only where there are some. */
export function sectionsOf(place, catalog) {
  const links = [...present(catalog, LINKS), ...foreign(catalog, isLink).map(ofName)];
  const encoder = present(catalog, ENCODER);
  const others = foreign(catalog, isForeign);
  switch (place.view) {
    case 'network':
      return [
        { id: 'network', title: 'Interfaces', wants: [...NETWORK, ERRORS].flatMap((panel) => panel.wants), panels: [...interfaces(catalog), ERRORS] },
        ...section('links', 'Modems and links', links.slice(0, MOST_FOREIGN)),
      ];
    case 'programs':
      return [{ id: 'programs', title: 'Metrics of other programs', panels: others.slice(0, MOST_FOREIGN).map(ofName), left: others.length - MOST_FOREIGN }];
    case 'collectors':
      return [{ id: 'collectors', title: 'Collectors and components', panels: COLLECTORS }];
    case 'series':
      return [{ id: 'series', title: 'Series', panels: chosenPanels(catalog, place.chosen) }];
    default:
      return [
        { id: 'uplink', title: 'Uplink', panels: UPLINK },
        ...section('links', 'Modems and links', links.slice(0, MOST_LINKS)),
        ...section('encoder', 'Encoder', encoder),
        { id: 'traffic', title: 'Network', panels: NETWORK },
        { id: 'device', title: 'Device', panels: DEVICE },
      ];
  }
}

/** One section, or none without panels. */
const section = (id, title, panels) => (panels.length ? [{ id, title, panels }] : []);

/** What a view asks for: the wants of its sections, or else of their panels. The history may have series that the catalog lacks. */
export function wantsOf(sections) {
  const wants = new Map();
  for (const { panels, wants: own } of sections) {
    for (const one of own ?? panels.flatMap((panel) => panel.wants)) {
      wants.set(one.key ?? keyOf({ __name__: one.name, ...one.labels }), one);
    }
  }
  return [...wants.values()];
}

/** The entries that a panel shows, in the order of its wants and labels. */
export function entriesOf(panel, data) {
  const entries = panel.wants
    .flatMap((one) => data.matching(one).sort((a, b) => a.series.key.localeCompare(b.series.key)))
    .filter((entry) => entry.points.length > 0 && !panel.skip?.(entry.series));
  const unique = [...new Set(entries)];
  if (!panel.busiest) {
    return unique;
  }
  const most = (entry) => entry.points.reduce((high, [, amount]) => Math.max(high, amount), 0);
  return unique.filter((entry) => most(entry) > 0).sort((a, b) => most(b) - most(a));
}
