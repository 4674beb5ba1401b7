### The command line, the shipped examples, and what the application says of its own work.

example-vmware-nat-service = VMware NAT: the guest has no internet
example-vmware-nat-service-text = Windows host. The guest reaches the host but nothing outside.
example-virtualbox-nat = VirtualBox NAT: the host cannot reach 10.0.2.15
example-virtualbox-nat-text = Linux host. The guest browses the web, but ping and SSH from the host time out.
example-libvirt-echo-filtered = libvirt: ping fails, SSH works
example-libvirt-echo-filtered-text = Linux host. The guest does not answer ping, although its services do.

toast-copied = Copied
toast-pasted = Taken in
toast-replay = A saved case does not change: nothing was sent
toast-opened-unsaved = What was here before is one Undo away
toast-saved = Saved as { $name }
toast-cleared = Cleared; this PC is being read again

problem-not-an-address = “{ $value }” is not an address. Write it like 192.168.122.45 or 192.168.122.45/24.
problem-paste-too-long = That text is too long to take in: at most { $value }.
problem-too-many-targets = The monitor watches at most { $value } addresses.
problem-sweep = { $value } cannot be searched.
problem-internal = Something failed inside the program. What you entered is still here; try again.
problem-not-opened = “{ $name }” cannot be opened as a case.
problem-not-saved = “{ $name }” could not be written. Choose another folder.
problem-no-threads = This system gives the program no threads, so nothing can be read or sent. Saved cases still open.

cli-scanning = Reading this machine…
cli-probing = Sending probes…
cli-sweeping = Asking every address of the segment…
cli-why = Why
cli-effect = Changes
cli-undo = Undo
cli-verify = Verify
cli-admin = needs administrator rights
cli-notes = Also worth knowing
cli-path = The way
cli-unread = Could not be read
cli-next = What would tell most next
cli-look-alikes = Looks the same from outside
cli-nothing-wrong = Nothing wrong was found.
cli-no-cause = No cause can be named from what is known.
cli-adapters = Adapters
cli-routes = Routes
cli-neighbors = Neighbors
cli-products = Hypervisors
cli-none = none
cli-not-read = could not be read
cli-ping-counts = { $sent } sent, { $received } received, { $lost } % lost
cli-sweep-nobody = Nobody answered.
cli-nothing-to-open = Name a file or an example to open.
cli-no-window = This build has no window. Use “vmnet-doctor diagnose”.
cli-same-ends = Traffic from { $end } to { $end } crosses no network; choose two different ends.
cli-needs-target = Give the second VM's address with --target.
cli-unknown-form = { $name }: the ending must be .html, .md or .json.
cli-unknown-cause = { $cause } is no known cause; “vmnet-doctor causes” lists them all.
cli-too-many-addresses = At most { $most } addresses at a time.
