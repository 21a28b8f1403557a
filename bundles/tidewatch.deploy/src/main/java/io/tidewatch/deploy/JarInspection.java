package io.tidewatch.deploy;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * What a jar says of itself, and why it is not installed.
 *
 * @param symbolicName of its bundle; empty if it has none
 * @param objection why it is not installed, with what to do; empty if it can be installed
 * @param note what an operator should know although it is installed; empty if there is nothing
 */
record JarInspection(String symbolicName, Version version, String objection, String note) {
    private static final String OWN_API = "io/tidewatch/api/";

    static JarInspection of(Path file, BuiltIns builtIns) {
        try {
            RegularFile.require(file);
            try (JarFile jar = new JarFile(file.toFile(), false)) {
                return of(jar, builtIns);
            }
        } catch (ZipException e) {
            return refused("it is no jar, or only a part of one (" + e.getMessage()
                    + "); copy it again, under a name that ends otherwise, then rename it");
        } catch (IOException e) {
            return refused(
                    "it cannot be read (" + FileFailure.reason(e) + "); " + FileFailure.cure(e, "copy it again"));
        } catch (IllegalArgumentException e) {
            return refused("its Bundle-Version is none (" + e.getMessage() + "); build it with bnd");
        }
    }

    private static JarInspection of(JarFile jar, BuiltIns builtIns) throws IOException {
        Manifest manifest = jar.getManifest();
        Attributes headers = manifest == null ? new Attributes() : manifest.getMainAttributes();
        String name = plain(headers.getValue(Constants.BUNDLE_SYMBOLICNAME));
        if (name.isEmpty()) {
            return refused("it is no bundle: its manifest has no " + Constants.BUNDLE_SYMBOLICNAME
                    + "; build it with bnd, as the example does");
        }
        Version version = Version.parseVersion(headers.getValue(Constants.BUNDLE_VERSION));
        String host = plain(headers.getValue(Constants.FRAGMENT_HOST));
        String objection = "";
        if (builtIns.isBuiltIn(host) || host.equals(Constants.SYSTEM_BUNDLE_SYMBOLICNAME)) {
            objection =
                    "it is a fragment of " + host + ", a part of the agent, and such are not extended; build a bundle";
        } else if (containsApi(jar)) {
            objection =
                    "it contains a copy of io.tidewatch.api, so that the agent never finds its collector; build it with"
                            + " tidewatch.api as a provided dependency";
        } else if (builtIns.isBuiltIn(name)) {
            objection = builtIns.objection(name, version);
        }
        boolean nativeCode = headers.getValue(Constants.BUNDLE_NATIVECODE) != null
                || jar.stream()
                        .anyMatch(entry ->
                                entry.getName().toLowerCase(Locale.ROOT).endsWith(".so"));
        return new JarInspection(
                name,
                version,
                objection,
                nativeCode ? "it contains native code, which cannot be loaded under the systemd unit" : "");
    }

    private static boolean containsApi(JarFile jar) {
        return jar.stream().anyMatch(entry -> {
            String name = entry.getName();
            boolean library = name.endsWith(".jar")
                    && name.substring(name.lastIndexOf('/') + 1).startsWith("tidewatch.api");
            return library || (name.startsWith(OWN_API) && name.endsWith(".class"));
        });
    }

    private static JarInspection refused(String objection) {
        return new JarInspection("", Version.emptyVersion, objection, "");
    }

    private static String plain(@Nullable String header) {
        return Optional.ofNullable(header).orElse("").replaceFirst(";.*", "").strip();
    }
}
