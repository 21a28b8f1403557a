package io.tidewatch.command.tail;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.command.agent.AgentPage;
import io.tidewatch.command.agent.Arguments;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.agent.Verb;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.console.ExitCodes;
import io.tidewatch.store.sqlite.DatabaseFile;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code tidewatch tail}: the newest samples, as the database has them. */
public final class TailVerb extends Verb {
    private static final int USUAL_COUNT = 20;
    private static final int MOST = 100_000;
    private static final long POLL_MILLIS = 1_000;

    public interface Pause {
        /** @return false if no more is wanted */
        boolean pass() throws InterruptedException;
    }

    private final Pause pause;

    public TailVerb() {
        this(() -> {
            Thread.sleep(POLL_MILLIS);
            return true;
        });
    }

    public TailVerb(Pause pause) {
        super(
                "tail",
                """
                tidewatch tail: shows the newest samples

                  tidewatch tail [options] [METRIC]

                Reads the agent's database, whether it runs or not: time (UTC), value and
                series, the newest last. The line above them has the date and the labels that
                all of them share. A sample is stored shortly after it was collected
                (commit.delay in tidewatch.store.sqlite.cfg).

                Options
                  -n COUNT              so many at the beginning, 1 to 100000 (default: 20)
                  -f, --follow          show new samples as they are stored, until Ctrl-C
                  --json                a JSON object per line: time, metric, tags, value
                  METRIC, --metric NAME only this metric, as stored or as in PromQL
                                        (cpu.usage_percent, cpu_usage_percent); * stands for any
                                        characters: 'srt.*'
                  --tag NAME=VALUE      only series with this tag; may be given several times
                  --database FILE       the database to read (default: as configured)
                  --help                print this

                Exit codes
                  0    the samples are shown; also if there are none
                  64   the command line is not understood
                  66   there is no such metric, no database of this agent, or it cannot be read
                """);
        this.pause = pause;
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws CommandException, InterruptedException {
        Arguments rest = new Arguments(this, arguments);
        DatabaseFile database = null;
        MetricChoice metric = null;
        boolean follow = false;
        boolean json = false;
        int count = USUAL_COUNT;
        HistoryQuery query = HistoryQuery.between(Instant.EPOCH, Tail.END);
        Map<String, String> tags = new HashMap<>();
        for (String option = rest.option(); option != null; option = rest.option()) {
            switch (option) {
                case "-f", "--follow" -> follow = true;
                case "-n" -> count = rest.count(option, rest.value(option), MOST);
                case "--metric" -> metric = new MetricChoice(rest.value(option));
                case "--json" -> json = true;
                case "--tag" -> addTag(rest, option, tags);
                case "--database" -> database = DatabaseFile.at(rest.path(option));
                default -> {
                    if (option.startsWith("-n")) {
                        count = rest.count("-n", option.substring(2), MOST);
                    } else if (option.startsWith("-") || metric != null) {
                        throw rest.unknown(option);
                    } else {
                        metric = new MetricChoice(option);
                    }
                }
            }
        }
        if (database == null) {
            database = configured(surroundings);
        }
        Tail tail = new Tail(
                database,
                query.with(tags),
                metric == null ? any -> true : metric,
                Tail.printer(json, surroundings),
                surroundings.clock());
        try {
            if (metric != null) {
                Optional<String> problem = metric.problem(database.series());
                if (problem.isPresent()) {
                    throw new CommandException(ExitCodes.NO_INPUT, problem.get());
                }
            }
            tail.showNewest(count);
            if (follow) {
                follow(tail, surroundings);
            }
            return ExitCodes.OK;
        } catch (StoreException e) {
            throw new CommandException(ExitCodes.NO_INPUT, e.getMessage() + ".");
        }
    }

    /** Until the pause or the reader ends. Goes on after a look that failed, as while the agent replaces a damaged database. */
    private void follow(Tail tail, Surroundings surroundings) throws InterruptedException {
        String complaint = "";
        // A reader that has gone, such as head, is noticed by writing only.
        while (!surroundings.out().checkError() && pause.pass()) {
            String before = complaint;
            try {
                tail.showWhatCame();
                complaint = "";
            } catch (StoreException e) {
                complaint = String.valueOf(e.getMessage());
                if (!complaint.equals(before)) {
                    surroundings.remark(complaint + "; trying again.");
                }
            }
        }
    }

    private static void addTag(Arguments rest, String option, Map<String, String> tags) throws CommandException {
        String tag = rest.value(option);
        int equals = tag.indexOf('=');
        if (equals < 1) {
            throw rest.wrong(option + " is '" + tag + "'; accepted: NAME=VALUE such as core=all");
        }
        tags.put(tag.substring(0, equals), tag.substring(equals + 1));
    }

    /** That of the agent that answers, else that of this installation. */
    private static DatabaseFile configured(Surroundings surroundings) throws CommandException {
        Folders folders = surroundings.folders();
        try {
            folders = AgentPage.of(folders, surroundings::remark).get().folders(folders);
        } catch (AgentPage.DownException e) {
            surroundings.remark(e.getMessage() + "; these are the samples that it stored before.");
        } catch (CommandException e) {
            surroundings.remark(String.valueOf(e.getMessage()));
        }
        try {
            return DatabaseFile.configured(folders.settings(DatabaseFile.PID), folders.state());
        } catch (IOException e) {
            throw new CommandException(
                    ExitCodes.NO_INPUT,
                    DatabaseFile.PID + ".cfg in " + folders.config() + " cannot be read (" + FileFailure.reason(e)
                            + "). Run it with sudo, or name the database with --database.");
        }
    }
}
