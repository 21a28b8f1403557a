package io.tidewatch.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one start of the agent leaves for the next, so that a jar which repeatedly ends the agent is detected:
 * {@link #ENDS} unrequested ends within {@link #WITHIN}, of runs that began with the same jars in the deploy
 * folder. Then the jars that have not {@linkplain #stayed proved themselves} are quarantined, and all of them if it goes on
 * like that.
 *
 * @param boot which boot of the machine the start was in: what a power cut ends says nothing of jars
 * @param running whether no end of that run was requested
 * @param ends when runs ended without being asked to, in nanoseconds since some moment of that boot
 * @param jars the deploy folder at the start
 * @param held those that are quarantined
 * @param proven those that have run for {@link #WITHIN}
 */
record StartRecord(
        String boot,
        boolean running,
        List<Long> ends,
        Set<DeployedJar> jars,
        Set<DeployedJar> held,
        Set<DeployedJar> proven) {
    static final int ENDS = 3;
    static final Duration WITHIN = Duration.ofMinutes(15);

    /** Before the first start. */
    static final StartRecord NONE = new StartRecord("", false, List.of(), Set.of(), Set.of(), Set.of());

    private static final String BOOT = "boot ";
    private static final String RUNNING = "running";
    private static final String END = "end ";
    private static final String JAR = "jar ";
    private static final String HELD = "held ";
    private static final String PROVEN = "proven ";

    /**
     * @param now nanoseconds since some moment of the boot
     * @param present the deploy folder
     */
    StartRecord begun(String bootNow, long now, Set<DeployedJar> present) {
        boolean sameBoot = bootNow.equals(boot);
        boolean sameJars = present.equals(jars);
        Set<DeployedJar> stillProven = set(proven.stream().filter(present::contains));
        if (!sameJars || (sameBoot && !running)) {
            // Other jars, or a requested restart: all get another chance.
            return new StartRecord(bootNow, true, List.of(), present, Set.of(), stillProven);
        }
        List<Long> recent = new ArrayList<>();
        if (sameBoot) {
            ends.stream().filter(end -> now - end <= WITHIN.toNanos()).forEach(recent::add);
            recent.add(now);
        }
        if (recent.size() < ENDS || present.isEmpty()) {
            return new StartRecord(bootNow, true, List.copyOf(recent), present, held, stillProven);
        }
        Set<DeployedJar> suspects = set(present.stream().filter(jar -> !stillProven.contains(jar)));
        boolean all = suspects.isEmpty() || !held.isEmpty();
        return new StartRecord(bootNow, true, List.of(), present, all ? present : suspects, stillProven);
    }

    /** These jars were in use for {@link #WITHIN} and the agent runs. */
    StartRecord stayed(Set<DeployedJar> stayed) {
        return new StartRecord(boot, running, ends, jars, held, set(Stream.concat(proven.stream(), stayed.stream())));
    }

    StartRecord stopped() {
        return new StartRecord(boot, false, ends, jars, held, proven);
    }

    /** Lines of a key and its value. */
    String toText() {
        List<String> lines = new ArrayList<>();
        lines.add(BOOT + boot);
        if (running) {
            lines.add(RUNNING);
        }
        ends.forEach(end -> lines.add(END + end));
        jars.forEach(jar -> lines.add(JAR + jar.toText()));
        held.forEach(jar -> lines.add(HELD + jar.toText()));
        proven.forEach(jar -> lines.add(PROVEN + jar.toText()));
        return String.join("\n", lines) + "\n";
    }

    /** @throws IllegalArgumentException if the text is none of {@link #toText} */
    static StartRecord parse(String text) {
        List<String> lines = text.lines().toList();
        return new StartRecord(
                values(lines, BOOT).findFirst().orElse(""),
                lines.contains(RUNNING),
                values(lines, END).map(Long::valueOf).toList(),
                set(values(lines, JAR).map(DeployedJar::parse)),
                set(values(lines, HELD).map(DeployedJar::parse)),
                set(values(lines, PROVEN).map(DeployedJar::parse)));
    }

    private static Stream<String> values(List<String> lines, String key) {
        return lines.stream().filter(line -> line.startsWith(key)).map(line -> line.substring(key.length()));
    }

    private static Set<DeployedJar> set(Stream<DeployedJar> jars) {
        return jars.collect(Collectors.toUnmodifiableSet());
    }
}
