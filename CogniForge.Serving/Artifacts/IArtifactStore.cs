using CogniForge.Serving.Models;

namespace CogniForge.Serving.Artifacts;

/// <summary>Stores the files of versions. What is not attached to a version is deleted later.</summary>
internal interface IArtifactStore
{
    /// <summary>Stores a file as it arrives, in bounded memory; a part of it never becomes visible.</summary>
    /// <param name="content">The content.</param>
    /// <param name="sha256">The SHA-256 that it must have, in lower-case hexadecimal digits.</param>
    /// <param name="cancellationToken">Cancels the upload, of which nothing remains.</param>
    /// <exception cref="DigestMismatchException">The content has another SHA-256.</exception>
    Task<Artifact> WriteAsync(Stream content, string sha256, CancellationToken cancellationToken);

    /// <summary>Opens the file of a version, to be read once from its start.</summary>
    /// <exception cref="InvalidOperationException">The version has no file.</exception>
    /// <exception cref="IOException">The file was deleted, here or while reading.</exception>
    Task<Stream> OpenAsync(ModelVersion version, CancellationToken cancellationToken);

    /// <summary>Deletes a file, or the part of it that arrived.</summary>
    Task DeleteAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Lists files and parts of files that were last written before a time, by id.</summary>
    /// <param name="before">The time.</param>
    /// <param name="after">The id after which the list begins.</param>
    /// <param name="limit">The maximum number of ids.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<IReadOnlyList<Guid>> ListAsync(
        DateTimeOffset before,
        Guid after,
        int limit,
        CancellationToken cancellationToken
    );
}
