package io.tidewatch.page.door;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Decides who may read the page. Safe for use by several threads. */
public final class Doors {
    /**
     * @param open whether it may be read through any address, without a password
     * @param passwordFile the password that opens it through any address
     * @param hosts names of the device, in lower case, besides its host name
     */
    public record Rules(boolean open, Optional<Path> passwordFile, Set<String> hosts) {}

    /** A request: its headers {@code Host} and {@code Authorization}, and the addresses that it came to and from. */
    public record Visitor(
            @Nullable String host, @Nullable String authorization, String localAddress, String remoteAddress) {}

    public enum Verdict {
        OPEN,
        /** 403. */
        CLOSED,
        /** 401. */
        PASSWORD,
        /** 429. */
        WAIT
    }

    /**
     * @param reason for people; empty if it is open
     * @param seconds of {@link Verdict#WAIT}: how long
     */
    public record Decision(Verdict verdict, String reason, long seconds) {}

    private static final Decision OPEN = new Decision(Verdict.OPEN, "", 0);

    private final HostNames names;
    private final Guesses guesses;

    public Doors(LongSupplier nanoTime) {
        this(new HostNames(), nanoTime);
    }

    Doors(HostNames names, LongSupplier nanoTime) {
        this.names = names;
        this.guesses = new Guesses(nanoTime);
    }

    public Decision decide(Rules rules, Visitor visitor) {
        String host = visitor.host();
        if (host == null || !names.accept(host, rules.hosts())) {
            return closed("the device is not called so; ask it by its address or host name, or add the name to hosts in"
                    + " tidewatch.page.cfg");
        }
        if (rules.open() || isLoopback(visitor.localAddress())) {
            return OPEN;
        }
        if (rules.passwordFile().isEmpty()) {
            return closed(
                    "the page is open through loopback only; set password.file or page.public in tidewatch.page.cfg;"
                            + " 'tidewatch page' on the device shows a tunnel, if one leads to it");
        }
        return password(rules.passwordFile().get(), visitor);
    }

    private Decision password(Path file, Visitor visitor) {
        long seconds = guesses.secondsToWait(visitor.remoteAddress());
        if (seconds > 0) {
            return new Decision(Verdict.WAIT, "too many wrong passwords; wait " + seconds + " s", seconds);
        }
        String authorization = visitor.authorization();
        if (authorization == null) {
            return new Decision(Verdict.PASSWORD, "the page needs the password of password.file", 0);
        }
        try {
            if (new PasswordFile(file).isIn(authorization)) {
                guesses.right(visitor.remoteAddress());
                return OPEN;
            }
        } catch (IOException e) {
            return closed("the password of the device cannot be checked; see the component page of its health");
        }
        guesses.wrong(visitor.remoteAddress());
        return new Decision(Verdict.PASSWORD, "the password is wrong", 0);
    }

    /** Why no password can be right; empty if one can, or none is asked for. */
    public static Optional<String> problem(Rules rules) {
        if (rules.open() || rules.passwordFile().isEmpty()) {
            return Optional.empty();
        }
        try {
            new PasswordFile(rules.passwordFile().get()).read();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isLoopback(String address) {
        try {
            // Literal: no name is resolved.
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static Decision closed(String reason) {
        return new Decision(Verdict.CLOSED, reason, 0);
    }
}
