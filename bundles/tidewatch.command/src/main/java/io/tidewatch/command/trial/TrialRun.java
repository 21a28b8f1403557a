package io.tidewatch.command.trial;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.PassLimit;
import io.tidewatch.api.config.FileFailure;
import io.tidewatch.command.agent.AgentCheck;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.console.DisplayText;
import io.tidewatch.command.console.ExitCodes;
import io.tidewatch.command.tail.Tail;
import io.tidewatch.command.trial.Subject.Source;
import io.tidewatch.config.Nearest;
import io.tidewatch.config.WrittenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/** One trial, as a command line asks for it. Apart from the verb, as other verbs run without the classes of the framework. */
final class TrialRun {
    private static final String PREFIX = "tidewatch.collector.";
    private static final String ENDING = ".cfg";

    /** Name of the instance for what the command line names. */
    private static final String AD_HOC = "try";

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private TrialRun() {}

    static int run(Subject subject, Surroundings surroundings) throws CommandException, InterruptedException {
        // Standard output is for samples: collectors and libraries may print as well.
        System.setOut(System.err);
        try (TrialFolder folder = new TrialFolder();
                TrialFramework framework = new TrialFramework(surroundings.folders(), folder, collectorSet())) {
            return run(subject, folder, framework, surroundings);
        } catch (IOException e) {
            throw new CommandException(ExitCodes.NO_INPUT, FileFailure.reason(e) + ": " + e.getMessage() + ".");
        }
    }

    private static int run(Subject subject, TrialFolder folder, TrialFramework framework, Surroundings surroundings)
            throws IOException, CommandException, InterruptedException {
        Set<String> problems = new LinkedHashSet<>(configure(subject, folder, framework, surroundings.folders()));
        framework.startCollectors();
        List<Tail.Line> lines = new ArrayList<>();
        boolean adHoc = subject.source().isAdHoc();
        for (ServiceReference<Collector> reference : wanted(subject, framework, problems)) {
            String instance = adHoc ? "" : instance(reference);
            String name = adHoc ? subject.source().collector : name(reference);
            TrialPass pass = new Trial(
                            () -> framework.collector(reference), instance, timeout(reference), surroundings.clock())
                    .run(adHoc || !instance.isEmpty() ? 1 : 2, PAUSE);
            lines.addAll(pass.lines());
            // The check of the settings and the collector name the same mistake.
            pass.problems().stream()
                    .filter(problem -> problems.stream().noneMatch(known -> known.endsWith(problem)))
                    .toList()
                    .forEach(problem -> problems.add(name + ": " + problem));
            pass.notes().forEach(note -> surroundings.remark("note: " + DisplayText.plain(name + ": " + note)));
        }
        lines.sort(Tail.Line.ORDER);
        Tail.printer(subject.json(), surroundings).accept(lines);
        problems.forEach(problem -> surroundings.remark(DisplayText.plain(problem)));
        return problems.isEmpty() ? ExitCodes.OK : ExitCodes.NOT_WELL;
    }

    /** @return the mistakes in the settings of the subject */
    private static List<String> configure(
            Subject subject, TrialFolder folder, TrialFramework framework, Folders folders)
            throws IOException, CommandException {
        if (subject.source().isAdHoc()) {
            Map<String, String> settings = new HashMap<>(subject.settings());
            if (subject.source() == Source.FILE) {
                Path path = Path.of(subject.target());
                settings.putIfAbsent("folder", (Files.isDirectory(path) ? path : folder.folderOf(path)).toString());
            }
            String pid = PREFIX + subject.source().collector + "-" + AD_HOC;
            framework.configure(pid, settings);
            return complaints(folders, folder.write(pid, settings), pid).stream()
                    .map(complaint -> complaint.replaceFirst("^[^:]+(:\\d+)?: ", ""))
                    .toList();
        }
        if (!Files.isDirectory(folders.config())) {
            return List.of();
        }
        for (String pid : WrittenFile.pids(folders.config(), folders.properties()::get)) {
            if (pid.startsWith("tidewatch.")) {
                framework.configure(pid, folders.readableSettings(pid));
            }
        }
        return subject.source() == Source.NAMED
                ? complaints(folders, folders.config(), PREFIX + subject.target())
                : List.of();
    }

    private static List<String> complaints(Folders folders, Path config, String pid) throws IOException {
        return new AgentCheck(folders)
                .validate(config).stream()
                        .flatMap(verdict -> verdict.complaints().stream())
                        .filter(complaint -> complaint.startsWith(pid + ENDING))
                        .toList();
    }

    private static List<ServiceReference<Collector>> wanted(
            Subject subject, TrialFramework framework, Set<String> problems)
            throws IOException, CommandException, InterruptedException {
        if (subject.source() == Source.JAR) {
            try {
                Bundle bundle = framework.start(Path.of(subject.target()));
                List<ServiceReference<Collector>> found =
                        framework.collectors(reference -> bundle.equals(reference.getBundle()));
                if (found.isEmpty()) {
                    problems.add(subject.target() + " registers no Collector: it has no component of that service, or"
                            + " one of the references of its components is missing here");
                }
                return found;
            } catch (BundleException e) {
                problems.add(subject.target() + " cannot run: " + e.getMessage()
                        + (e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")"));
                return List.of();
            }
        }
        String name = subject.source().isAdHoc() ? subject.source().collector + "-" + AD_HOC : subject.target();
        Set<String> names = new ConcurrentSkipListSet<>();
        List<ServiceReference<Collector>> found = framework.collectors(reference -> {
            names.add(name(reference));
            return name(reference).equals(name);
        });
        if (found.isEmpty()) {
            throw CommandException.usage(
                    TryVerb.NAME,
                    "There is no collector '" + name + "'"
                            + Nearest.of(name, names)
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse("; there are: " + (names.isEmpty() ? "none" : String.join(", ", names))));
        }
        return found;
    }

    private static String name(ServiceReference<Collector> reference) {
        String instance = instance(reference);
        return reference.getProperty("collector.name") + (instance.isEmpty() ? "" : "-" + instance);
    }

    private static String instance(ServiceReference<Collector> reference) {
        return reference.getProperty("service.pid") instanceof String pid
                        && reference.getProperty("service.factoryPid") instanceof String factory
                        && pid.startsWith(factory + "~")
                ? pid.substring(factory.length() + 1)
                : "";
    }

    private static Duration timeout(ServiceReference<Collector> reference) {
        return PassLimit.timeout(FrameworkUtil.asMap(reference.getProperties()), DEFAULT_TIMEOUT);
    }

    private static String collectorSet() {
        String otherwise = System.getProperty("os.name", "").equals("Linux") ? "linux" : "portable";
        String chosen = System.getenv().getOrDefault("TIDEWATCH_COLLECTORS", "").strip();
        return chosen.isEmpty() ? otherwise : chosen;
    }
}
