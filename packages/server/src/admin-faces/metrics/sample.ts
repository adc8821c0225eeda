/** One line of what Prometheus reads. */
export interface Sample {
  /** So called by prom-client, which keeps the text of an object that is given again. */
  readonly sharedLabels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Where it is not the name of the family that the line is one of. */
  readonly metricName?: string;
}
