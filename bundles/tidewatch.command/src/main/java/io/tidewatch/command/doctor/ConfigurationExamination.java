package io.tidewatch.command.doctor;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.command.agent.AgentCheck;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.doctor.Diagnosis.Subject;
import io.tidewatch.config.EncoderSoftware;
import io.tidewatch.config.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Whether the agent can use what stands in the .cfg files; validated by its own tool, {@code check}. */
record ConfigurationExamination(Folders folders) {
    void examine(Diagnosis diagnosis) {
        Subject subject = diagnosis.on("configuration");
        if (!Files.isDirectory(folders.config()) || !Files.isReadable(folders.config())) {
            // Said of the folders.
            return;
        }
        try {
            Optional<AgentCheck.Verdict> verdict = new AgentCheck(folders).validate(folders.config());
            if (verdict.isPresent()) {
                tell(verdict.get(), subject);
            } else {
                subject.note(
                        "not examined: the installation " + folders.home() + " has nothing to validate it with",
                        "install tidewatch again");
            }
        } catch (IOException e) {
            subject.note("not examined (" + FileFailure.reason(e) + ")", "install tidewatch again");
        }
    }

    private void tell(AgentCheck.Verdict verdict, Subject subject) {
        List<String> complaints = verdict.complaints();
        complaints.forEach(complaint -> subject.wrong(complaint, "fix that line; 'tidewatch --check' checks it again"));
        if (complaints.isEmpty() && verdict.result() != 0) {
            subject.wrong(verdict.output(), "'tidewatch --check' shows it again");
        } else if (complaints.isEmpty()) {
            subject.ok("every value in " + folders.config() + " can be used");
        }
    }

    /** Whether a profile fits the machine and is not applied. */
    void examineProfile(Diagnosis diagnosis) {
        Subject subject = diagnosis.on("profile");
        try {
            Optional<String> chosen = Profile.chosen(folders.config());
            if (chosen.isPresent()) {
                // The check of the configuration names one that is not known.
                if (Profile.names(folders.home().toString()).contains(chosen.get())) {
                    subject.ok(chosen.get() + " is applied");
                }
                return;
            }
            if (Profile.isEmptied(folders.config())) {
                // The agent may have kept its profile; the check of the configuration names the file.
                return;
            }
            EncoderSoftware.here()
                    .find()
                    .ifPresent(software -> subject.note(
                            software + " is on this machine, and no profile is applied",
                            "sudo tidewatch profile " + EncoderSoftware.PROFILE + " --apply"));
        } catch (IOException e) {
            subject.note("not examined (" + FileFailure.reason(e) + ")", "run 'tidewatch doctor' as root");
        }
    }
}
