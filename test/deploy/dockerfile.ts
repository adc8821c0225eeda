/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** What one `FROM` begins. */
export interface Stage {
  readonly name: string | undefined;
  readonly image: string;
  readonly instructions: readonly Instruction[];
}

/** Reads the stages of a Dockerfile. */
export function readStages(dockerfile: string): readonly Stage[] {
  const lines = dockerfile
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const instructions = lines.map((line) => {
    const [, name = '', text = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    return { name: name.toUpperCase(), text };
  });
  const starts = instructions.flatMap(({ name }, at) => (name === 'FROM' ? [at] : []));
  return starts.map((start, index) => {
    const [image = '', , name] = instructions[start]?.text.split(/\s+/) ?? [];
    return { name, image, instructions: instructions.slice(start + 1, starts[index + 1]) };
  });
}

/** The texts of the instructions of one name, in their order. */
export function textsOf(stage: Stage | undefined, name: string): readonly string[] {
  return stage?.instructions.filter((one) => one.name === name).map(({ text }) => text) ?? [];
}

/** What a `COPY` takes from where. */
export interface Copy {
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

export function copiesOf(stage: Stage | undefined): readonly Copy[] {
  return textsOf(stage, 'COPY').map((text) => {
    const words = text.split(/\s+/);
    const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
    const paths = words.filter((word) => !word.startsWith('--'));
    return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
  });
}

/** The words of the JSON array in which a command is written that no shell stands around; `undefined` for any other. */
export function execForm(text: string | undefined): readonly string[] | undefined {
  const array = /\[.*\]$/.exec(text ?? '')?.[0];
  return array !== undefined && (array === text || text?.endsWith(`CMD ${array}`)) ? JSON.parse(array) : undefined;
}

/** What an image must have to be run as this one is said to be, and what the linter does not look at. */
export function shortcomings(dockerfile: string): readonly string[] {
  const stages = readStages(dockerfile);
  const last = stages.at(-1);
  const [user, id] = [textsOf(last, 'USER').at(-1), textsOf(last, 'USER').at(-1)?.split(':')[0]];
  const wanted: readonly (readonly [holds: boolean, otherwise: string])[] = [
    [stages.length > 1, 'what builds it is in the image'],
    [stages.every(({ image }) => /^node:\d+-slim$/.test(image)), 'an image that is not the slim official one'],
    [id !== undefined && /^[1-9]\d*$/.test(id), `runs as ${user ?? 'root'}`],
    [textsOf(last, 'VOLUME').join() === '/data', 'writes elsewhere than to /data'],
    [execForm(textsOf(last, 'ENTRYPOINT').at(-1)) !== undefined, 'a shell stands before the server'],
    [execForm(textsOf(last, 'CMD').at(-1)) !== undefined, 'a shell reads the arguments'],
    [execForm(textsOf(last, 'HEALTHCHECK').at(-1)) !== undefined, 'no health check, or one that needs a shell'],
    [textsOf(last, 'STOPSIGNAL').join() === 'SIGTERM', 'is not stopped with SIGTERM'],
    [textsOf(last, 'RUN').every((text) => !/\bnpm\b/.test(text)), 'npm runs in the image itself'],
    [!/\bnpm ci\b/.test(dockerfile.replace(/^#.*$/gm, '')), 'npm ci, which refuses the lockfile'],
    [copiesOf(last).every(({ sources }) => !sources.includes('.')), 'the whole folder is in the image'],
  ];
  return wanted.flatMap(([holds, otherwise]) => (holds ? [] : [otherwise]));
}
