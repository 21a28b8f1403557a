package io.tidewatch.command.doctor;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.doctor.Diagnosis.Subject;
import io.tidewatch.config.EncoderSoftware;
import io.tidewatch.config.Profile;
import java.io.IOException;
import java.util.Optional;

/** Whether a profile fits the machine and is not applied. */
record ProfileExamination(Folders folders) {
    void examine(Diagnosis diagnosis) {
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
