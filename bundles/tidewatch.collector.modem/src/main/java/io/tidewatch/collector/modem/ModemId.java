package io.tidewatch.collector.modem;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells a modem from others for as long as it is plugged in, and after it was plugged in again: the numbers that ModemManager gives do
 * not.
 *
 * @param hash of the device identifier: the first 32 bits of its SHA-256, in hexadecimal
 * @param networkInterface name of its network interface; empty without one
 */
record ModemId(String hash, String networkInterface) {
    private static final int BYTES = 4;

    /** @param deviceIdentifier the one that ModemManager makes of the properties of the device; it may tell who owns it */
    static ModemId of(String deviceIdentifier, String networkInterface) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(deviceIdentifier.getBytes(StandardCharsets.UTF_8));
            return new ModemId(HexFormat.of().formatHex(digest, 0, BYTES), networkInterface);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    String name() {
        return networkInterface.isEmpty() ? "modem " + hash : networkInterface;
    }
}
