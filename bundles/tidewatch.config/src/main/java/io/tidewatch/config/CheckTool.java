package io.tidewatch.config;

import io.tidewatch.api.config.FileFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * {@code check <folder>}: validates the .cfg files of a folder as a running agent would, without one. It works on the jars of
 * the class loader that it comes from; {@code ${name}} is a system property.
 *
 * <p>Prints {@code <file>: ok}, or a line {@code <file>:<line>: <what is wrong>} per mistake. Ends with 0 if there is none,
 * else with 78; with 64 if it is called wrongly.
 */
public final class CheckTool implements ToolProvider {
    private static final int OK = 0;
    private static final int USAGE = 64;
    private static final int PROBLEMS = 78;

    @Override
    public String name() {
        return "check";
    }

    @Override
    public int run(PrintWriter out, PrintWriter err, String... arguments) {
        if (arguments.length != 1) {
            err.println("check: one folder is needed");
            return USAGE;
        }
        Path folder = Path.of(arguments[0]).toAbsolutePath().normalize();
        Placeholders placeholders = WrittenFile.placeholders(folder, System::getProperty);
        try {
            return check(folder, new Catalogue(parts()), placeholders, out);
        } catch (IOException | UncheckedIOException e) {
            err.println("check: " + folder + " cannot be read (" + FileFailure.reason(e)
                    + "); name a folder of .cfg files");
            return PROBLEMS;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private static int check(Path folder, Catalogue catalogue, Placeholders placeholders, PrintWriter out)
            throws IOException {
        List<Path> files =
                Profile.cfgFiles(folder).stream().map(folder::resolve).sorted().toList();
        int problemCount = 0;
        Profile profile = null;
        try {
            Optional<byte[]> chosen = Profile.file(folder);
            if (chosen.isPresent()) {
                ChosenProfile.Choice choice =
                        ChosenProfile.Choice.read(chosen.get(), System.getProperty("tidewatch.home"));
                profile = choice.profile();
                problemCount = choice.problem().isEmpty() ? 0 : 1;
                out.println(folder.resolve(Profile.FILE) + ": " + (problemCount == 0 ? "ok" : choice.problem()));
            }
        } catch (IOException e) {
            problemCount = 1;
            out.println(folder.resolve(Profile.FILE) + ": " + CfgFile.unreadable(e));
        }
        for (Path file : files) {
            List<Verdict.Problem> problems = problems(file, profile, catalogue, placeholders);
            problems.forEach(problem -> out.println(problem.in(file.toString())));
            if (problems.isEmpty()) {
                out.println(file + ": ok");
            }
            problemCount += problems.size();
        }
        for (String trouble : catalogue.troubles()) {
            out.println(trouble);
            problemCount++;
        }
        if (files.isEmpty()) {
            out.println(folder + ": no .cfg files; every bundle would run on its defaults");
        } else if (problemCount > 0) {
            out.println(problemCount + (problemCount == 1 ? " problem" : " problems"));
        }
        return problemCount == 0 ? OK : PROBLEMS;
    }

    private static List<Verdict.Problem> problems(
            Path file, @Nullable Profile profile, Catalogue catalogue, Placeholders placeholders) {
        PidOfFile pid = PidOfFile.parse(file.getFileName().toString());
        try {
            byte[] bytes = CfgFile.bytes(file);
            if (CfgFile.isEmptied(bytes)) {
                return List.of(new Verdict.Problem(0, CfgFile.EMPTIED, true));
            }
            Verdict.Problem unused = pid.unused(file, () -> catalogue);
            if (unused != null) {
                return List.of(unused);
            }
            CfgFile own = CfgFile.parse(bytes);
            CfgFile content = profile == null ? own : profile.under(String.valueOf(file.getFileName()), own);
            List<Verdict.Problem> problems =
                    new ArrayList<>(Validator.validate(content, pid.pid(), () -> catalogue, placeholders)
                            .problems());
            if (!content.isEmpty() && !catalogue.owns(pid.pid())) {
                problems.add(new Verdict.Problem(0, catalogue.unclaimed(pid.pid()), false));
            }
            return problems;
        } catch (IOException e) {
            return List.of(new Verdict.Problem(0, CfgFile.unreadable(e), true));
        }
    }

    private static List<JarPart> parts() {
        return CheckTool.class.getClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs())
                        .map(jar -> new JarPart(Path.of(URI.create(jar.toString())), loader))
                        .toList()
                : List.of();
    }

    /** A jar that is not installed anywhere; the loader has its classes, and those that they need. */
    private record JarPart(Path jar, ClassLoader loader) implements Catalogue.Part {
        private static final String COMPONENT_FOLDER = "OSGI-INF/";

        @Override
        public String name() {
            return String.valueOf(jar.getFileName());
        }

        @Override
        public List<URL> metatypes() throws IOException {
            return in(Documents.METATYPE_FOLDER);
        }

        @Override
        public List<URL> components() throws IOException {
            return in(COMPONENT_FOLDER);
        }

        @Override
        public List<URL> checks() throws IOException {
            try (JarFile file = new JarFile(jar.toFile())) {
                return file.getEntry(Documents.CHECKS) == null ? List.of() : List.of(url(Documents.CHECKS));
            }
        }

        @Override
        public Class<?> load(String name) throws ClassNotFoundException {
            return loader.loadClass(name);
        }

        private List<URL> in(String folder) throws IOException {
            List<URL> documents = new ArrayList<>();
            try (JarFile file = new JarFile(jar.toFile())) {
                for (ZipEntry entry : file.stream().toList()) {
                    String name = entry.getName();
                    if (name.startsWith(folder) && name.endsWith(".xml") && name.indexOf('/', folder.length()) < 0) {
                        documents.add(url(name));
                    }
                }
            }
            return documents;
        }

        private URL url(String entry) throws MalformedURLException {
            return new URL("jar:" + jar.toUri() + "!/" + entry);
        }
    }
}
