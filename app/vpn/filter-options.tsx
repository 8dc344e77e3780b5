'use client';

import { usageCall } from '@/lib/calls/page-calls';
import { usePolling } from '../_ui/polling';
import { filterSuggestions } from './filter-suggestions';
import { apiParameters, withoutFilters } from './view';
import { useView } from './view-context';

/** What there is in the range, whatever the filters, so that values can be added to them. */
export default function FilterOptions() {
  const { view } = useView();
  const usage = usePolling(usageCall(apiParameters(withoutFilters(view))), 0);
  if (!usage.data) return null;
  return filterSuggestions(usage.data).map(({ typed, label }) => (
    <option key={typed} value={typed} label={label} />
  ));
}
