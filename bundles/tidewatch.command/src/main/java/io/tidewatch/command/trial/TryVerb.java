package io.tidewatch.command.trial;

import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.agent.Verb;
import io.tidewatch.command.console.CommandException;
import java.util.List;

/** {@code tidewatch try}: what a collector gives, without an agent. */
public final class TryVerb extends Verb {
    static final String NAME = "try";

    public TryVerb() {
        super(
                NAME,
                """
                tidewatch try: runs a collector once and prints its samples

                  tidewatch try [options] COLLECTOR | JAR | URL | FILE
                  tidewatch try [options] -- COMMAND [ARGUMENT ...]

                Works beside a running agent and does not touch it: nothing is stored or sent.
                Samples are printed as by 'tidewatch tail', problems on standard error.
                Collectors without instances and jars run twice, one second apart, since
                some compare two passes; the second pass is printed.

                  COLLECTOR   one of the installation, with its .cfg: cpu, or scrape-node for
                              tidewatch.collector.scrape-node.cfg
                  JAR         collectors of a path/to.jar, with their .cfg
                  URL         a page that scrape reads: http://host:port/metrics, https://...,
                              unix:/path/of/socket:/metrics
                  FILE        a file.prom that textfile reads, or a folder of them: ./folder
                  COMMAND     a program that exec runs, by its path or from PATH

                Options
                  --KEY=VALUE   with URL, FILE and COMMAND: a key of the collector's .cfg, as in
                                --max.series=10, --format=json or --timeout=20s
                  --json        a JSON object per line: time, metric, tags, value
                  --help        print this

                Exit codes
                  0    there are samples, and no problem
                  1    there is a problem: no samples, a failed pass, damage, a rejected setting
                  64   the command line is not understood; there is no such collector
                  66   the jar, file or program is missing, or cannot be read
                  70   the installation is not whole
                """);
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws CommandException, InterruptedException {
        return TrialRun.run(Subject.of(this, arguments, System.getenv().getOrDefault("PATH", "")), surroundings);
    }
}
