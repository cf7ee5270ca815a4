using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Health;
using Microsoft.Extensions.Options;

namespace CogniForge.Messaging.Journal;

/// <summary>The folder of a service's journals.</summary>
public sealed class JournalLocation : IDisposable
{
    private readonly bool _isTemporary;

    /// <summary>
    /// Uses the configured folder, else one below the user's local application data; a temporary one if the stores are
    /// in memory too.
    /// </summary>
    /// <param name="options">The configured folder, if any.</param>
    /// <param name="available">The available stores.</param>
    /// <param name="service">The service.</param>
    public JournalLocation(
        IOptions<CogniForgeOptions> options,
        AvailableDependencies available,
        ServiceDescription service
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        _isTemporary = options.Value.JournalDirectory is null && !available.Postgres;
        Folder =
            options.Value.JournalDirectory
            ?? (
                _isTemporary
                    ? Directory.CreateTempSubdirectory("cogniforge-").FullName
                    : Path.Combine(
                        Environment.GetFolderPath(
                            Environment.SpecialFolder.LocalApplicationData,
                            Environment.SpecialFolderOption.Create
                        ),
                        "cogniforge",
                        "journals",
                        service.Name
                    )
            );
    }

    /// <summary>The full path of the folder.</summary>
    public string Folder { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isTemporary)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
