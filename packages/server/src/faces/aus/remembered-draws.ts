import type { Draw } from 'sluice';

/** Draws, and remembers what was drawn: whoever decides after the branch was taken goes by the same tickets. */
export class RememberedDraws {
  readonly #tickets: number[] = [];
  #drawn = 0;
  #drawnAgain = 0;
  readonly draw: Draw;
  /** Gives the same tickets once more, and goes on from there. */
  readonly drawAgain: Draw;

  constructor(draw: Draw) {
    this.draw = () => {
      const ticket = draw();
      this.#tickets[this.#drawn] = ticket;
      this.#drawn += 1;
      return ticket;
    };
    this.drawAgain = () => {
      if (this.#drawnAgain === this.#drawn) return draw();
      this.#drawnAgain += 1;
      return this.#tickets[this.#drawnAgain - 1] as number;
    };
  }

  /** Forgets what was drawn. */
  begin(): void {
    this.#drawn = 0;
    this.#drawnAgain = 0;
  }
}
