using System.Security.Cryptography;
using CogniForge.ServiceDefaults;
using CogniForge.Serving.Models;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Artifacts;

/// <summary>Keeps artefacts as files. A file gets its final name when it is complete.</summary>
internal sealed class DirectoryArtifactStore : IArtifactStore, IDisposable
{
    private const string Complete = ".artifact";
    private const string Part = ".part";
    private const int BufferBytes = 128 * 1024;
    private readonly bool _isTemporary;
    private readonly string _folder;
    private readonly TimeProvider _time;

    public DirectoryArtifactStore(IOptions<ArtifactOptions> options, TimeProvider time)
    {
        _isTemporary = options.Value.Directory is null;
        _folder = options.Value.Directory ?? Directory.CreateTempSubdirectory("cogniforge-artifacts-").FullName;
        _time = time;
        PrivateFiles.CreateDirectory(_folder, $"*{Complete}");
    }

    public async Task<Artifact> WriteAsync(Stream content, string sha256, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(_time.GetUtcNow());
        try
        {
            var (actual, bytes) = await WritePartAsync(id, content, cancellationToken);
            if (actual != sha256)
            {
                throw new DigestMismatchException(actual);
            }

            File.Move(GetPath(id, Part), GetPath(id, Complete));
            return new(id, sha256, bytes);
        }
        catch
        {
            File.Delete(GetPath(id, Part));
            throw;
        }
    }

    public Task<Stream> OpenAsync(ModelVersion version, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(
            new FileStream(
                GetPath(
                    (version.Artifact ?? throw new InvalidOperationException("The version has no artefact.")).Id,
                    Complete
                ),
                new FileStreamOptions
                {
                    Mode = FileMode.Open,
                    Access = FileAccess.Read,
                    Share = FileShare.Read | FileShare.Delete,
                    Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                }
            )
        );

    public Task DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        File.Delete(GetPath(id, Complete));
        File.Delete(GetPath(id, Part));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Guid>> ListAsync(
        DateTimeOffset before,
        Guid after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult<IReadOnlyList<Guid>>([
            .. new DirectoryInfo(_folder)
                .EnumerateFiles()
                .Where(f => f.Extension is Complete or Part && f.LastWriteTimeUtc < before)
                .Select(f => Guid.TryParse(Path.GetFileNameWithoutExtension(f.Name), out var id) ? id : default)
                .Where(id => id > after)
                .Order()
                .Take(limit),
        ]);

    public void Dispose()
    {
        if (_isTemporary && Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task<(string Sha256, long Bytes)> WritePartAsync(
        Guid id,
        Stream content,
        CancellationToken cancellationToken
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = PrivateFiles.Open(GetPath(id, Part), FileMode.CreateNew, FileAccess.Write);
        var buffer = new byte[BufferBytes];
        var bytes = 0L;
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            bytes += read;
        }

        // The version may refer to the file only when it survives a loss of power.
        file.Flush(flushToDisk: true);
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
    }

    private string GetPath(Guid id, string extension) => Path.Combine(_folder, $"{id:n}{extension}");
}
