/** Who decides when requests start: slots that become free (`closed`), or a schedule that waits for nobody (`open`). */
export type LoadModel = 'closed' | 'open';
