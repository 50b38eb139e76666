import { type Command } from 'commander';
import { EXIT, type ExitCode } from './exitCodes';
import { errorDocument, errorText, toJson, type Outcome } from './output';
import { ProgressLine } from './progressLine';
import { Session, type CommonOptions } from './session';

const JSON_HELP = 'print one JSON document on standard output, and nothing else';

/** The one command that runs: Ctrl-C cancels it (a second one ends at once), and its outcome is printed once. */
export class Running {
  code: ExitCode = EXIT.fine;
  command = '';
  readonly line: ProgressLine;
  private readonly controller = new AbortController();
  private readonly log = console.log;
  private readonly info = console.info;

  constructor(private readonly isJson: boolean) {
    this.line = new ProgressLine(process.stderr, false);
    process.on('SIGINT', this.stop);
    process.on('SIGTERM', this.stop);
    process.on('uncaughtException', this.crash);
    // Standard output carries the document and nothing else, whatever a library has to say.
    console.log = console.info = console.error;
  }

  /** Adds to a command what all have, and what it does. */
  serve(command: Command, work: (session: Session) => Promise<Outcome>): Command {
    return command
      .argument('<dataset>', 'folder of the dataset')
      .option('--json', JSON_HELP)
      .option('--store <folder>', "keep what is computed in another folder, when the dataset's may not be written")
      .action((folder: string) => this.act(command, folder, work));
  }

  /** As `serve`, for a command about this machine: its session asks for nothing that has to do with a dataset. */
  serveMachine(command: Command, work: (session: Session) => Promise<Outcome>): Command {
    return command.option('--json', JSON_HELP).action(() => this.act(command, process.cwd(), work));
  }

  private async act(command: Command, folder: string, work: (session: Session) => Promise<Outcome>): Promise<void> {
    this.command = command.name();
    const session = new Session(folder, command.opts<CommonOptions>(), this.controller.signal, this.line);
    const { code, document, text } = await work(session);
    this.line.clear();
    const printed = this.isJson ? toJson({ command: this.command, ...document }) : text;
    if (printed !== '') process.stdout.write(`${printed}\n`);
    this.code = code;
  }

  /** Says why it could not be done. */
  fail(error: unknown): void {
    this.line.clear();
    process.stderr.write(`${errorText(error)}\n`);
    if (this.isJson) process.stdout.write(`${toJson(errorDocument(this.command, error))}\n`);
    this.code = EXIT.failed;
  }

  end(): void {
    this.line.clear();
    process.off('SIGINT', this.stop);
    process.off('SIGTERM', this.stop);
    process.off('uncaughtException', this.crash);
    console.log = this.log;
    console.info = this.info;
  }

  /** A failure outside of what is awaited would end the process with the exit code of "found something". */
  private readonly crash = (error: unknown): void => {
    this.fail(error);
    process.stdout.write('', () => process.exit(EXIT.failed));
  };

  private readonly stop = (): void => {
    if (this.controller.signal.aborted) process.exit(EXIT.failed);
    this.line.clear();
    process.stderr.write('Stopping ... (again to end at once)\n');
    this.controller.abort();
  };
}
