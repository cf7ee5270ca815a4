using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Health;
using Microsoft.Extensions.Options;

namespace CogniForge.Messaging.Journal;

/// <summary>Where the journals of a service lie.</summary>
public sealed class JournalLocation : IDisposable
{
    private readonly bool _temporary;

    /// <summary>Finds the folder: the configured one, else one below the user's local application data; a temporary one while the stores are in memory too.</summary>
    /// <param name="options">Has the configured folder.</param>
    /// <param name="available">Which stores there are.</param>
    /// <param name="service">The service.</param>
    public JournalLocation(
        IOptions<CogniForgeOptions> options,
        AvailableDependencies available,
        ServiceDescription service
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        _temporary = options.Value.JournalDirectory is null && !available.Postgres;
        Folder =
            options.Value.JournalDirectory
            ?? (
                _temporary
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

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_temporary)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
