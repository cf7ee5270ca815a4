using CogniForge.Llm.Configuration;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Limits.Projects;

/// <summary>Checks that the project of a new or changed key exists.</summary>
internal sealed class ProjectReferenceChecker(CurrentConfig config, ConfigReloader reloader)
{
    public async Task<FieldError?> FindMissingAsync(KeyLimits limits, CancellationToken cancellationToken)
    {
        if (limits.Project is not { } name || Exists(name))
        {
            return null;
        }

        // Another replica may have created it a moment ago.
        await reloader.ReloadAsync(cancellationToken);
        return Exists(name)
            ? null
            : new("project", "must name an existing project; PUT /api/v1/llm/projects/{name} creates one");
    }

    private bool Exists(string name) => config.Value.Projects.Find(name) is not null;
}
