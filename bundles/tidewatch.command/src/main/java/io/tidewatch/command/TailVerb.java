package io.tidewatch.command;

import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.DatabaseFile;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code tidewatch tail}: the newest samples, as the database has them. */
final class TailVerb implements Verb {
    private static final int USUAL_COUNT = 20;
    private static final int MOST = 100_000;
    private static final long POLL_MILLIS = 1_000;

    /** Time between two looks. */
    interface Pause {
        /** @return false if nobody wants to see more */
        boolean pass() throws InterruptedException;
    }

    private final Pause pause;

    TailVerb() {
        this(() -> {
            Thread.sleep(POLL_MILLIS);
            return true;
        });
    }

    TailVerb(Pause pause) {
        this.pause = pause;
    }

    @Override
    public String name() {
        return "tail";
    }

    @Override
    public String help() {
        return """
                tidewatch tail: shows the newest samples

                  tidewatch tail [options]

                Reads the agent's database, whether it runs or not: time (UTC), value and series, the newest last. A
                sample is there a moment after it was collected (commit.delay in tidewatch.store.sqlite.cfg).

                Options
                  -n COUNT              so many at the beginning, 1 to 100000 (default: 20)
                  -f, --follow          go on with what comes, until Ctrl-C
                  --metric NAME         only this metric, such as cpu.usage_percent
                  --tag NAME=VALUE      only series with this tag; may be given several times
                  --database FILE       the database to read (default: as configured)
                  --help                print this

                Exit codes
                  0    the samples are shown; also if there are none
                  64   the command line is not understood
                  66   the database is missing, is none of this agent's, or cannot be read
                """;
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws CommandException, InterruptedException {
        Arguments rest = new Arguments(this, arguments);
        DatabaseFile database = null;
        boolean follow = false;
        int count = USUAL_COUNT;
        HistoryQuery query = HistoryQuery.between(Instant.EPOCH, Tail.END);
        Map<String, String> tags = new HashMap<>();
        for (String option = rest.option(); option != null; option = rest.option()) {
            switch (option) {
                case "-f", "--follow" -> follow = true;
                case "-n" -> count = rest.count(option, rest.value(option), MOST);
                case "--metric" -> query = query.of(rest.value(option));
                case "--tag" -> addTag(rest, option, tags);
                case "--database" -> database = DatabaseFile.at(rest.path(option));
                default -> {
                    if (!option.startsWith("-n")) {
                        throw rest.unknown(option);
                    }
                    count = rest.count("-n", option.substring(2), MOST);
                }
            }
        }
        if (database == null) {
            database = configured(surroundings);
            tellWhetherItRuns(surroundings);
        }
        Tail tail = new Tail(database, query.with(tags), surroundings);
        try {
            tail.showNewest(count);
            // A reader that has gone, such as head, is noticed by writing only.
            while (follow && !surroundings.out().checkError() && pause.pass()) {
                tail.showWhatCame();
            }
            return ExitCodes.OK;
        } catch (StoreException e) {
            throw new CommandException(ExitCodes.NO_DATABASE, e.getMessage() + ".");
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

    private static DatabaseFile configured(Surroundings surroundings) throws CommandException {
        Folders folders = surroundings.folders();
        try {
            return DatabaseFile.configured(CfgValues.read(folders, DatabaseFile.PID), folders.state());
        } catch (IOException e) {
            throw new CommandException(
                    ExitCodes.NO_DATABASE,
                    DatabaseFile.PID + ".cfg in " + folders.config() + " cannot be read ("
                            + e.getClass().getSimpleName() + "). Name the database with --database.");
        }
    }

    /** The samples are worth showing in either case; that nothing will come is worth knowing. */
    private static void tellWhetherItRuns(Surroundings surroundings) {
        try {
            AgentPage.of(surroundings.folders()).get();
        } catch (AgentPage.DownException | CommandException e) {
            surroundings
                    .err()
                    .println("tidewatch: " + e.getMessage() + "; these are the samples that it has stored before.");
        }
    }
}
