import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Judgement } from '../judgement.ts';
import type { Outcome } from './attempt.ts';
import type { Candidate } from './look-out.ts';

/** What an agent counts. */
export interface AgentMeter {
  passed(result: 'ok' | 'failed', seconds: number): void;
  judged(truth: Judgement['truth']): void;
  readSignal(isKnown: boolean): void;
  attempted(outcome: Outcome, candidate: Candidate, nowMs: number): void;
  /** The same for Prometheus, in its text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** How an agent is at the moment. */
export interface AgentState {
  readonly isReady: boolean;
  readonly pending: number;
  readonly oldestReadyAtMs: number | undefined;
}

const buckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600];

export function openAgentMeter(state: () => AgentState, nowMs: () => number): AgentMeter {
  const registry = new Registry();
  const registers = [registry];
  const passes = counter('sluice_agent_passes_total', 'Looks at what is pending, by result.', 'result');
  const evaluations = counter('sluice_agent_evaluations_total', 'Conditions that were judged, by result.', 'result');
  const reads = counter('sluice_agent_signal_reads_total', 'Readings of signals: with a value, or unknown.', 'result');
  const enactments = counter('sluice_agent_enactments_total', 'Changes that were enacted.');
  const refusals = counter(
    'sluice_agent_refusals_total',
    'Attempts at what has to wait for something, by problem.',
    'problem',
  );
  const failures = counter('sluice_agent_failures_total', 'Attempts that failed, by problem.', 'problem');
  const seconds = histogram('sluice_agent_pass_duration_seconds', 'How long a look at what is pending took.');
  const lateness = histogram('sluice_agent_lateness_seconds', 'From when a change could be enacted until it was.');
  gauge('sluice_agent_ready', '1 while the agent reaches its server and is let in.', () => (state().isReady ? 1 : 0));
  gauge('sluice_agent_pending_changes', 'Changes that the agent watches.', () => state().pending);
  gauge('sluice_agent_oldest_due_seconds', 'How long a change that could be enacted has waited; 0 for none.', () => {
    const { oldestReadyAtMs } = state();
    return oldestReadyAtMs === undefined ? 0 : Math.max(0, (nowMs() - oldestReadyAtMs) / 1000);
  });

  function counter(name: string, help: string, ...labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers });
  }
  function histogram(name: string, help: string): Histogram {
    return new Histogram({ name, help, buckets, registers });
  }
  function gauge(name: string, help: string, value: () => number): void {
    const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(value()) });
  }

  return {
    passed(result, took) {
      passes.inc({ result });
      seconds.observe(took);
    },
    judged: (result) => evaluations.inc({ result }),
    readSignal: (isKnown) => reads.inc({ result: isKnown ? 'value' : 'unknown' }),
    attempted(outcome, { readyAtMs }, atMs) {
      if (outcome.kind === 'enacted') {
        enactments.inc();
        lateness.observe(Math.max(0, (atMs - readyAtMs) / 1000));
      } else if (outcome.kind === 'waits') refusals.inc({ problem: outcome.problem });
      else failures.inc({ problem: outcome.kind === 'away' ? 'store-unavailable' : outcome.problem });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
