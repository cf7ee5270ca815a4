using CogniForge.ServiceDefaults.Audit;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Shadows;

/// <summary>Creates, changes and deletes shadows.</summary>
internal sealed class ShadowRegistry(IShadowStore shadows, IModelStore models) : IVersionUsage
{
    /// <summary>Creates a shadow, or changes its sample rate.</summary>
    /// <exception cref="RegistryException">The version is unknown, the shadow changed, or too many exist.</exception>
    public async Task<Shadow> SetAsync(
        string model,
        int version,
        double sampleRate,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        if (await models.FindAsync(model, version, cancellationToken) is null)
        {
            throw RegistryException.UnknownVersion(model, version);
        }

        Shadow? after = null;
        await shadows.ChangeAsync(
            model,
            all =>
            {
                var before = all.FirstOrDefault(s => s.Version == version);
                precondition.Check(before?.Revision);
                if (before is null && all.Count >= Shadow.MaxPerModel)
                {
                    throw new RegistryException(
                        RegistryErrorKind.Conflict,
                        $"Model '{model}' has {Shadow.MaxPerModel} shadows, the maximum."
                    );
                }

                after =
                    before?.Change(sampleRate, request.At)
                    ?? Shadow.Create(model, version, sampleRate, request.At);
                return new(after, null, ToEntry(request, before, after));
            },
            cancellationToken
        );
        return after!;
    }

    /// <summary>Finds a shadow.</summary>
    /// <exception cref="RegistryException">It is unknown.</exception>
    public async Task<Shadow> GetAsync(string model, int version, CancellationToken cancellationToken) =>
        (ModelName.IsValid(model) ? await shadows.ListAsync(model, cancellationToken) : []).FirstOrDefault(s =>
            s.Version == version
        ) ?? throw Unknown(model, version);

    /// <summary>Deletes a shadow with its comparisons.</summary>
    /// <exception cref="RegistryException">It is unknown or has changed.</exception>
    public Task DeleteAsync(
        string model,
        int version,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        shadows.ChangeAsync(
            model,
            all =>
            {
                var before = all.FirstOrDefault(s => s.Version == version) ?? throw Unknown(model, version);
                precondition.Check(before.Revision);
                return new(null, before, ToEntry(request, before, null));
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public async Task<string?> FindUserAsync(string model, int? version, CancellationToken cancellationToken) =>
        (await shadows.ListAsync(model, cancellationToken)).FirstOrDefault(s =>
            version is null || s.Version == version
        )
            is { } shadow
            ? $"the shadow of version {shadow.Version}"
            : null;

    private static RegistryException Unknown(string model, int version) =>
        new(RegistryErrorKind.NotFound, $"Version {version} of model '{model}' is no shadow.");

    private static AuditEntry ToEntry(AuditedRequest request, Shadow? before, Shadow? after)
    {
        var shadow = (after ?? before)!;
        return request.ToEntry(
            $"models/{shadow.Model}/shadows/{shadow.Version}",
            before is null ? null : ShadowResponse.From(before),
            after is null ? null : ShadowResponse.From(after)
        );
    }
}
