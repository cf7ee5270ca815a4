using CogniForge.ServiceDefaults.Http;
using CogniForge.Serving.Inference.OpenApi;
using CogniForge.Serving.Loading;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Inference;

/// <summary>Lists the versions for the model repository extension.</summary>
internal sealed class RepositoryIndex(IModelStore store, ModelRepository models)
{
    private const int MaxVersions = 10_000;
    private const int PageSize = 1_000;

    /// <summary>The versions of all models, oldest first; at most 10,000.</summary>
    public async Task<IReadOnlyList<RepositoryModel>> ListAsync(bool onlyReady, CancellationToken cancellationToken)
    {
        var found = new List<RepositoryModel>();
        string? next = "";
        while (next is not null && Cursor.TryParse(next, out var cursor) && found.Count < MaxVersions)
        {
            var page = await store.ListVersionsAsync(null, cursor, PageSize, cancellationToken);
            foreach (var version in page.Items)
            {
                var (state, reason) = models.GetState(version);
                if (!onlyReady || state == ModelState.Ready)
                {
                    found.Add(RepositoryModel.From(version, state, reason));
                }
            }

            next = page.Next;
        }

        return found;
    }
}
