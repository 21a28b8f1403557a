package io.tidewatch.command.doctor;

import io.tidewatch.command.agent.CfgValues;
import io.tidewatch.command.agent.Folders;
import java.io.IOException;
import java.util.Map;

/**
 * The values of the .cfg files, without those that cannot be read: what is wrong with a file is the
 * {@link ConfigurationExamination}'s to say.
 *
 * @param folders where the files are, and what they refer to
 */
record Settings(Folders folders) {
    /** The values for a PID, by key; none if its file cannot be read. */
    Map<String, String> of(String pid) {
        try {
            return CfgValues.read(folders, pid);
        } catch (IOException e) {
            return Map.of();
        }
    }
}
