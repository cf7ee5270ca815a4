namespace Aspire.Hosting.Orchestration;

/// <summary>A program of this machine: where it may be, and how to get it.</summary>
internal sealed record Installation(string Program, string[] Folders, string Debian, string Fedora, string Homebrew)
{
    public string Find() => Executables.FindIn(Folders, Program) ?? Executables.FindOnPath(Program)
        ?? throw new CannotStartException($"'{Program}' was not found on this machine. Install it with: {Command}");

    private string Command =>
        OperatingSystem.IsMacOS() ? $"brew install {Homebrew}"
        : Executables.FindOnPath("apt-get") is not null ? $"sudo apt-get install {Debian}"
        : Executables.FindOnPath("dnf") is not null ? $"sudo dnf install {Fedora}"
        : $"your system's package manager (Debian: {Debian}; Fedora: {Fedora}; Homebrew: {Homebrew})";
}
