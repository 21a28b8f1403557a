package io.tidewatch.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import org.osgi.framework.Constants;

/** Looks into a jar: whether it can be installed at all. */
final class JarInspection {
    private JarInspection() {}

    /**
     * Why a jar is not installed, in words that tell what to do; empty if nothing speaks against it.
     *
     * @param builtIns symbolic names of the bundles that the agent consists of
     */
    static Optional<String> objection(File file, Set<String> builtIns) {
        Manifest manifest;
        try (JarFile jar = new JarFile(file, false)) {
            manifest = jar.getManifest();
        } catch (ZipException e) {
            return Optional.of("it is no jar, or only a part of one (" + e.getMessage()
                    + "); copy it again, under a name that ends otherwise, then rename it");
        } catch (AccessDeniedException e) {
            return Optional.of("it may not be read; give the user of the agent read permission");
        } catch (IOException e) {
            return Optional.of(
                    Files.isReadable(file.toPath())
                            ? "it cannot be read (" + e.getMessage() + "); copy it again"
                            : "it may not be read; give the user of the agent read permission");
        }
        String name = manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (name == null || name.isBlank()) {
            return Optional.of("it is no bundle: its manifest has no " + Constants.BUNDLE_SYMBOLICNAME
                    + "; build it with bnd, as the example does");
        }
        String plain = name.replaceFirst(";.*", "").strip();
        return builtIns.contains(plain)
                ? Optional.of("it bears the name of a part of the agent, " + plain
                        + ", and such are replaced by an upgrade of tidewatch only; give the bundle a name of its own")
                : Optional.empty();
    }
}
