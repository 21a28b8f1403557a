package io.tidewatch.launcher;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.WatchedFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Validates a configuration folder without starting the framework: the bundles of the installation and of the deploy folder
 * become one class path, on which tidewatch.config offers the tool {@code check}. So the code that validates is the code
 * that runs.
 */
final class FolderCheck {
    private FolderCheck() {}

    /**
     * @param folder null: the one that the agent would use
     * @throws LaunchException with {@link ExitCode#BAD_START_CONFIGURATION} if a folder or the tool is missing
     */
    static ExitCode run(Map<String, String> environment, @Nullable String folder, PrintStream out)
            throws LaunchException {
        Map<String, String> adapted = new HashMap<>(environment);
        if (folder != null) {
            adapted.put("TIDEWATCH_CONFIG", folder);
        }
        Places places = Places.locate(System.getProperty("tidewatch.home"), adapted, Places.SYSTEM_STATE);
        places.properties().forEach(System::setProperty);
        List<URL> jars = jars(places, CollectorSet.choose(environment, System.getProperty("os.name")));
        try (URLClassLoader bundles = new URLClassLoader(jars.toArray(URL[]::new))) {
            for (ToolProvider tool : ServiceLoader.load(ToolProvider.class, bundles)) {
                if (tool.name().equals("check")) {
                    boolean good = tool.run(out, System.err, places.config().toString()) == 0;
                    return good ? ExitCode.OK : ExitCode.BAD_START_CONFIGURATION;
                }
            }
        } catch (IOException e) {
            throw new LaunchException(
                    ExitCode.FAILURE, "A jar of the installation cannot be closed: " + FileFailure.reason(e));
        }
        throw LaunchException.badStart(
                "The bundle tidewatch.config is missing in " + places.home() + ". Unpack or install tidewatch again.");
    }

    private static List<URL> jars(Places places, CollectorSet collectors) throws LaunchException {
        List<Path> jars = new ArrayList<>();
        InstalledBundles.byLevel(places.home().resolve("bundles"), collectors)
                .values()
                .forEach(jars::addAll);
        List<URL> urls = new ArrayList<>();
        try {
            if (Files.isDirectory(places.deploy())) {
                jars.addAll(new WatchedFolder(places.deploy()).list("*.jar"));
            }
            for (Path jar : jars) {
                urls.add(jar.toUri().toURL());
            }
        } catch (MalformedURLException e) {
            throw new LaunchException(ExitCode.FAILURE, "A path cannot be read as a URL: " + e.getMessage());
        } catch (IOException e) {
            throw LaunchException.badStart("The deploy folder " + places.deploy() + " cannot be read ("
                    + FileFailure.reason(e) + "). Grant it to this user.");
        }
        return urls;
    }
}
