namespace Aspire.Hosting.Orchestration;

/// <summary>A program of this machine: where it may be, and how to get it.</summary>
/// <param name="Package">The package that contains it, for most package managers.</param>
/// <param name="OtherPackages">Those of the managers that name it differently.</param>
internal sealed record Installation(string Program, string[] Folders, string Package, params (string Manager, string Package)[] OtherPackages)
{
    private const string Debian = "apt-get";
    private const string Homebrew = "brew";
    private static readonly (string Manager, string Verb)[] Managers = [(Debian, "install"), ("dnf", "install"), ("pacman", "-S"), ("apk", "add"), (Homebrew, "install")];

    public string Find() => Executables.FindIn(Folders, Program) ?? Executables.FindOnPath(Program)
        ?? throw new CannotStartException($"'{Program}' was not found on this machine. Install it with: {Command}");

    private string Command
    {
        get
        {
            var (manager, verb) = Managers.FirstOrDefault(m => Executables.FindOnPath(m.Manager) is not null);
            var sudo = Environment.IsPrivilegedProcess || manager == Homebrew ? "" : "sudo ";
            return manager switch
            {
                null => $"your system's package manager (the package {Package} or similar)",
                Debian => $"{sudo}{manager} {verb} {PackageOf(manager)} (it also starts a service of its own, which is not needed here: {sudo}systemctl disable --now {PackageOf(manager)})",
                _ => $"{sudo}{manager} {verb} {PackageOf(manager)}",
            };
        }
    }

    private string PackageOf(string manager) => OtherPackages.FirstOrDefault(p => p.Manager == manager).Package ?? Package;
}
