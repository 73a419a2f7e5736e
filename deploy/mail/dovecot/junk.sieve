# What Rspamd has marked goes into Junk, whatever rules a member has.
require ["fileinto", "mailbox"];

if header :is "X-Spam" "Yes" {
    fileinto :create "Junk";
    stop;
}
