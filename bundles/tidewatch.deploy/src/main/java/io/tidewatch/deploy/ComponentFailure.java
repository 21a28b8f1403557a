package io.tidewatch.deploy;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** Why a component cannot be created, in one line with what to do. */
final class ComponentFailure {
    private static final String LOG = "the log has the reason";
    private static final String CAUSED_BY = "Caused by:";

    /** Of UnsupportedClassVersionError: what was compiled, and for which class files. */
    private static final Pattern CLASS_VERSION = Pattern.compile("(\\S+) has been compiled by .*?version (\\d+)\\.");

    /** Class files of Java n have the version n + 44 (JVMS, table 4.1-A). */
    private static final int VERSION_BEFORE_JAVA_1 = 44;

    private static final Pattern MISSING_CLASS = Pattern.compile(
            "java\\.lang\\.(?:NoClassDefFoundError|ClassNotFoundException): ([^ ]+)(?: not found by .*)?");

    private static final Pattern OTHER_VERSION = Pattern.compile(
            "java\\.lang\\.(?:NoSuchMethodError|NoSuchFieldError|AbstractMethodError|IncompatibleClassChangeError|"
                    + "IllegalAccessError)\\b.*");

    private ComponentFailure() {}

    /**
     * Why the class of a component cannot be linked. Declarative Services does not keep this failure, it throws it to the caller
     * that gets the service.
     *
     * @return null if it can be
     */
    static @Nullable String ofLinking(Bundle bundle, String className) {
        try {
            Class<?> component = bundle.loadClass(className);
            // As Declarative Services does: it looks for the constructor, and for methods to bind and activate with.
            Objects.requireNonNull(component.getConstructors());
            Objects.requireNonNull(component.getDeclaredMethods());
            return null;
        } catch (ClassNotFoundException | LinkageError e) {
            return explained(e.toString());
        } catch (IllegalStateException e) {
            // Uninstalled since: nothing to report.
            return null;
        }
    }

    /** @param stackTrace of what its constructor threw; null if that was not kept */
    static String of(@Nullable String stackTrace) {
        if (stackTrace == null) {
            return LOG;
        }
        // The innermost cause says it best, and the frames in between say nothing to an operator.
        return explained(stackTrace
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(CAUSED_BY))
                .reduce((outer, inner) -> inner)
                .map(line -> line.substring(CAUSED_BY.length()).strip())
                .orElseGet(() -> stackTrace.lines().findFirst().orElse("")));
    }

    private static String explained(String failure) {
        Matcher version = CLASS_VERSION.matcher(failure);
        if (version.find()) {
            String here = System.getProperty("java.specification.version");
            return named(version.group(1)) + " is made for Java "
                    + (Integer.parseInt(version.group(2)) - VERSION_BEFORE_JAVA_1) + "; this agent runs on Java " + here
                    + ": build it with --release " + here;
        }
        Matcher missing = MISSING_CLASS.matcher(failure);
        if (missing.matches()) {
            return "class " + named(missing.group(1))
                    + " is missing: have the bundle import its package, or put it into the jar";
        }
        if (OTHER_VERSION.matcher(failure).matches()) {
            return failure + ": it was built against another version of what it uses; build it against what runs here";
        }
        return failure.isEmpty() ? LOG : failure;
    }

    /** The JVM writes class names with slashes. */
    private static String named(String className) {
        return className.substring(className.lastIndexOf(' ') + 1).replace('/', '.');
    }
}
