"""Texts of Django and allauth that our own catalogue translates.

Allauth's Dutch says “je” and “aanmelden”; ours says “u” and “inloggen”, on every page. A few texts of Django have no
Dutch at all. A text that stands here gets into our catalogue, and Django prefers a project's catalogue to those of its
apps. English stays as they wrote it.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

# Django's

TOO_SHORT = ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
)
ADMINISTRATION = (
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("After you’ve created a user, you’ll be able to edit more user options."),
    _("Error:"),
)

# Allauth's

LOGGING_IN = (
    _("Sign In"),
    _("Sign Out"),
    _("Are you sure you want to sign out?"),
    _("Successfully signed in as %(name)s."),
    _("You have signed out."),
    _("The email address and/or password you specified are not correct."),
    _("Too many failed login attempts. Try again later."),
    _("Invalid login."),
    _("Be patient, you are sending too many requests."),
    _("Send me a sign-in code"),
    _("You will receive a special code for a password-free sign-in."),
    _("Other sign-in options"),
    _("Enter Sign-In Code"),
    _("We've sent a code to %(recipient)s. The code expires shortly, so please enter it soon."),
    _("A sign-in code has been sent to %(recipient)s."),
    _("You are already logged in as %(user_display)s."),
    _("Remember Me"),
    _("Please reauthenticate to safeguard your account."),
    _("Confirm Access"),
    _("Enter your password:"),
    _("Use your password"),
    _("Use authenticator app or code"),
    _("We are sorry, but the sign up is currently closed."),
)
PASSWORDS = (
    _("Password Reset"),
    _("Reset My Password"),
    _(
        "Forgotten your password? Enter your email address below, and we'll send you an email allowing you to reset it."
    ),
    _("Please contact us if you have any trouble resetting your password."),
    _(
        "We have sent you an email. If you have not received it please check your spam folder. Otherwise contact us"
        " if you do not receive it in a few minutes."
    ),
    _("Bad Token"),
    _("The password reset token was invalid."),
    _(
        "The password reset link was invalid, possibly because it has already been used.  Please request a"
        ' <a href="%(passwd_reset_url)s">new password reset</a>.'
    ),
    _("Your password is now changed."),
    _("Please type your current password."),
    _("You must type the same password each time."),
    _("Password (again)"),
    _("New Password (again)"),
    _("Set Password"),
    _("Password successfully set."),
    _("Password successfully changed."),
)
EMAIL_ADDRESSES = (
    _("The following email addresses are associated with your account:"),
    _("Re-send Verification"),
    _("Verified"),
    _("Unverified"),
    _("Primary"),
    _("Make Primary"),
    _("Remove"),
    _("Add Email Address"),
    _("Add Email"),
    _("Do you really want to remove the selected email address?"),
    _("You cannot remove your primary email address."),
    _("You cannot remove your primary email address (%(email)s)."),
    _("You cannot add more than %d email addresses."),
    _("Your primary email address must be verified."),
    _("Your email address is still pending verification."),
    _("You have confirmed %(email)s."),
    _("Invalid or expired key."),
    _("You must type the same email each time."),
    _(
        "You currently do not have any email address set up. You should really add an email address so you can"
        " receive notifications, reset your password, etc."
    ),
    _("Verify Your Email Address"),
    _(
        "We have sent an email to you for verification. Follow the link provided to finalize the signup process. If"
        " you do not see the verification email in your main inbox, check your spam folder. Please contact us if you"
        " do not receive the verification email within a few minutes."
    ),
    _(
        "This part of the site requires us to verify that\nyou are who you claim to be. For this purpose, we require"
        " that you\nverify ownership of your email address. "
    ),
    _(
        "We have sent an email to you for\nverification. Please click on the link inside that email. If you do not see"
        " the verification email in your main inbox, check your spam folder. Otherwise\ncontact us if you do not"
        " receive it within a few minutes."
    ),
    _('<strong>Note:</strong> you can still <a href="%(email_url)s">change your email address</a>.'),
)
TWO_STEPS = (
    _("Two-Factor Authentication"),
    _("Your account is protected by two-factor authentication. Please enter an authenticator code:"),
    _("Authenticator code"),
    _("Enter an authenticator code:"),
    _("Authentication using an authenticator app is active."),
    _("An authenticator app is not active."),
    _("Activate"),
    _("Deactivate"),
    _("View"),
    _("Generate"),
    _("Activate Authenticator App"),
    _("Deactivate Authenticator App"),
    _(
        "To protect your account with two-factor authentication, scan the QR code below with your authenticator app."
        " Then, input the verification code generated by the app below."
    ),
    _("Authenticator secret"),
    _("You can store this secret and use it to reinstall your authenticator app at a later time."),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
    _("You cannot activate two-factor authentication until you have verified your email address."),
    _("You cannot add an email address to an account protected by two-factor authentication."),
    _("You cannot deactivate two-factor authentication."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("You are about to generate a new set of recovery codes for your account."),
    _("This action will invalidate your existing codes."),
    _("Are you sure?"),
    _("Trust this Browser?"),
    _(
        "If you choose to trust this browser, you will not be asked for a verification code the next time you sign in."
    ),
    _("Trust for %(period)s"),
    _("Don't Trust"),
)
MAILS = (
    _("Hello from %(site_name)s!"),
    _("Thank you for using %(site_name)s!\n%(site_domain)s"),
    _("Sign-In Code"),
    _("Your sign-in code is listed below. Please enter it in your open browser window."),
    _("This mail can be safely ignored if you did not initiate this action."),
    _("Password Reset Email"),
    _(
        "You're receiving this email because you or someone else has requested a password reset for your user"
        " account.\nIt can be safely ignored if you did not request a password reset. Click the link below to reset"
        " your password."
    ),
    _("In case you forgot, your username is %(username)s."),
    _("You are receiving this mail because the following change was made to your account:"),
    _(
        "If you do not recognize this change then please take proper security precautions immediately. The change to"
        " your account originates from:\n\n- IP address: %(ip)s\n- Browser: %(user_agent)s\n- Date: %(timestamp)s"
    ),
    _("Authenticator App Activated"),
    _("Authenticator app activated."),
    _("Authenticator App Deactivated"),
    _("Authenticator app deactivated."),
    _("A new set of Two-Factor Authentication recovery codes has been generated."),
    _("A new set of recovery codes has been generated."),
    _("Your password has been changed."),
    _("Your password has been reset."),
    _("Your password has been set."),
    _("Your email has been changed from %(from_email)s to %(to_email)s."),
    _("Your email has been confirmed."),
    _("Email address %(deleted_email)s has been removed from your account."),
    _("Please Confirm Your Email Address"),
    _("Email Confirmation"),
    _(
        "You're receiving this email because user %(user_display)s has given your email address to register an"
        " account on %(site_domain)s."
    ),
    _("To confirm this is correct, go to %(activate_url)s"),
    _("Your email verification code is listed below. Please enter it in your open browser window."),
)
