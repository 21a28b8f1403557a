package io.tidewatch.config;

import io.tidewatch.api.config.WatchedFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The profile in force, by the file {@value Profile#FILE} of the configuration folder. A file that cannot be read, or was
 * emptied as by a power cut, changes nothing; that one is remembered across restarts. {@link #look} is for one thread, the rest
 * for several.
 */
final class ChosenProfile {
    private static final Logger LOG = LoggerFactory.getLogger(ChosenProfile.class);

    private static final String EMPTIED =
            "is empty, as after a power cut; write the name of a profile, or remove the file";

    private final Path file;
    private final @Nullable String home;
    private final LastGoodFiles lastGood;

    private @Nullable String seen;
    private @Nullable String handled;

    private volatile @Nullable Profile inForce;
    private volatile boolean silenced;
    private volatile String problem = "";

    /**
     * What a file {@value Profile#FILE} chooses.
     *
     * @param profile null: none
     * @param silenced whether no profile is wanted, nor a proposal of one
     * @param problem what is wrong with the file, without its name; empty if nothing is
     */
    record Choice(@Nullable Profile profile, boolean silenced, String problem) {
        static final Choice NOTHING = new Choice(null, false, "");

        /** @param home the installation; null: it is not known, and there are no profiles */
        static Choice read(byte[] content, @Nullable String home) throws IOException {
            Optional<String> name = Profile.named(content);
            if (name.isEmpty()) {
                return CfgFile.isEmptied(content) ? new Choice(null, false, EMPTIED) : NOTHING;
            }
            if (name.get().equals(Profile.NONE)) {
                return new Choice(null, true, "");
            }
            Optional<Profile> found = Profile.find(home, name.get());
            return found.isPresent()
                    ? new Choice(found.get(), false, "")
                    : new Choice(
                            null,
                            false,
                            "names " + Validator.printable(Validator.cut(name.get()))
                                    + ", which is no profile (expected "
                                    + String.join(", ", Profile.names(home)) + " or " + Profile.NONE
                                    + "); no profile is in force");
        }
    }

    /** @param home the installation; null: it is not known, and there are no profiles */
    ChosenProfile(Path folder, @Nullable String home, LastGoodFiles lastGood) {
        this.file = folder.resolve(Profile.FILE);
        this.home = home;
        this.lastGood = lastGood;
    }

    /**
     * Looks whether the file has changed. A change is taken once it was the same at two looks, so that no half written file is.
     *
     * @return whether another profile is in force
     */
    boolean look(boolean atOnce) {
        Profile before = inForce;
        try {
            String stamp = Objects.requireNonNullElse(WatchedFolder.stamp(file), "");
            if ((atOnce || stamp.equals(seen)) && !stamp.equals(handled)) {
                take(stamp.isEmpty());
                handled = stamp;
            }
            seen = stamp;
        } catch (IOException e) {
            handled = null;
            report(CfgFile.unreadable(e) + "; until then the profile in force stays");
        }
        if (before == inForce) {
            return false;
        }
        name().ifPresentOrElse(
                        name -> LOG.info("The profile {} is in force", name),
                        () -> LOG.info("No profile is in force any more"));
        return true;
    }

    Optional<String> name() {
        return Optional.ofNullable(inForce).map(Profile::name);
    }

    /** Whether the operator wants no profile, and no proposal of one. */
    boolean isSilenced() {
        return silenced;
    }

    /** Returns what is wrong with the file, with its name; empty if nothing is. */
    String problem() {
        return problem;
    }

    /** Returns the files of the profile that no file of the folder has the name of, with stamps. */
    Map<Path, String> added(Set<Path> present) throws IOException {
        Map<Path, String> stamps = new TreeMap<>();
        Profile profile = inForce;
        if (profile != null) {
            Set<String> names = present.stream()
                    .map(path -> String.valueOf(path.getFileName()))
                    .collect(Collectors.toSet());
            for (Path path : profile.added(names)) {
                String stamp = WatchedFolder.stamp(path);
                if (stamp != null) {
                    stamps.put(path, stamp);
                }
            }
        }
        return stamps;
    }

    CfgFile under(String fileName, CfgFile own) {
        Profile profile = inForce;
        return profile == null ? own : profile.under(fileName, own);
    }

    private void take(boolean gone) throws IOException {
        if (gone) {
            lastGood.forget(Profile.FILE);
            put(Choice.NOTHING);
            return;
        }
        byte[] content = CfgFile.bytes(file);
        if (CfgFile.isEmptied(content)) {
            Optional<byte[]> before = lastGood.read(Profile.FILE);
            put(before.isPresent() ? Choice.read(before.get(), home) : Choice.NOTHING);
            report(EMPTIED);
            return;
        }
        put(Choice.read(content, home));
        if (problem.isEmpty()) {
            lastGood.keep(Profile.FILE, content);
        }
    }

    private void put(Choice choice) {
        inForce = choice.profile();
        silenced = choice.silenced();
        problem = "";
        if (!choice.problem().isEmpty()) {
            report(choice.problem());
        }
    }

    private void report(String text) {
        problem = Profile.FILE + ": " + text;
    }
}
