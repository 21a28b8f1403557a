package io.tidewatch.command.doctor;

import io.tidewatch.command.agent.AskOptions;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.agent.Verb;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.console.ExitCodes;
import java.nio.file.Files;
import java.util.List;

/** {@code tidewatch doctor}: looks for what keeps the agent from doing its work. */
public final class DoctorVerb extends Verb {
    public DoctorVerb() {
        super(
                "doctor",
                """
                tidewatch doctor: looks for what keeps the agent from doing its work

                  tidewatch doctor

                Examines, and says in a line each what is wrong and what to do:
                  folders         those of the configuration, the state and the deployed jars
                  configuration   every .cfg file, validated as the agent does
                  permissions     whether the agent can write its files, and others cannot read
                                  its secrets
                  disk            free space, against min.free
                  database        whether the file is whole; reads all of it, and changes
                                  nothing
                  profile         whether one fits the software of this machine
                  agent           whether it answers, and its status
                  server          whether an upload would reach it, by a request without
                                  samples: name, route, TLS, proxy, captive portal, path
                  token           whether the server takes it
                  clock           against the server's
                  duplicates      whether VictoriaMetrics runs with -dedup.minScrapeInterval
                  retention, cluster, dropped
                                  what its /metrics reports: for how long it keeps samples,
                                  -replicationFactor of vminsert, samples that it ignored

                Run it as root or as the user of the agent: another one may not read what is to
                be examined. It may take as long as the server takes to answer (timeout in
                tidewatch.uploader.victoriametrics.cfg) and the medium to read the database.

                An agent that answers names its folders: these are examined.

                Options
                  --address HOST:PORT   where the agent answers (default: as in
                                        tidewatch.health.cfg)
                  --json                the findings as JSON: level, subject, message, advice
                  --help                print this

                Exit codes
                  0    no problems
                  1    there are problems
                  64   the command line is not understood
                """);
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws CommandException {
        AskOptions options = AskOptions.of(this, arguments, true);
        AgentExamination agent = new AgentExamination(surroundings, options.page());
        Diagnosis diagnosis = examine(surroundings.with(agent.folders()), agent);
        if (options.json()) {
            surroundings.out().println(diagnosis.json());
        } else {
            diagnosis.lines(surroundings.terminal()).forEach(surroundings.out()::println);
        }
        return diagnosis.problems() == 0 ? ExitCodes.OK : ExitCodes.NOT_WELL;
    }

    private static Diagnosis examine(Surroundings surroundings, AgentExamination agent) {
        Diagnosis diagnosis = new Diagnosis();
        new FolderExamination(surroundings.folders()).examine(diagnosis);
        ConfigurationExamination configuration = new ConfigurationExamination(surroundings.folders());
        configuration.examine(diagnosis);
        new StateExamination(surroundings.folders()).examine(diagnosis);
        if (Files.isReadable(surroundings.folders().config())) {
            configuration.examineProfile(diagnosis);
        }
        agent.examine(diagnosis);
        if (Files.isReadable(surroundings.folders().config())) {
            new ServerExamination(surroundings).examine(diagnosis);
        } else {
            diagnosis.on("server").note("not asked: its url is in the configuration folder", "fix the folders first");
        }
        return diagnosis;
    }
}
