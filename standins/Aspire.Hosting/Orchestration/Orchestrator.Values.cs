using System.Collections.Immutable;

namespace Aspire.Hosting.Orchestration;

internal sealed partial class Orchestrator
{
    /// <summary>Shows the addresses of a resource and of its parts anew.</summary>
    private async Task ShowAddressesAsync(IResourceWithEndpoints resource, CancellationToken cancellationToken)
    {
        await ShowUrlsAsync(resource, cancellationToken).ConfigureAwait(false);
        foreach (var part in model.Resources.OfType<IResourceWithConnectionString>().Where(r => r.SelfAndParents().Contains(resource)))
            await ShowConnectionStringAsync(part, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The addresses of a resource, as its endpoints and its callbacks make them; inactive until it runs.</summary>
    private async Task ShowUrlsAsync(IResourceWithEndpoints resource, CancellationToken cancellationToken)
    {
        List<ResourceUrlAnnotation> urls = [.. resource.GetEndpoints().Where(e => e.IsAllocated).Select(e => new ResourceUrlAnnotation { Url = e.Url, Endpoint = e })];
        urls.AddRange(resource.Annotations.OfType<ResourceUrlAnnotation>());
        var context = new ResourceUrlsCallbackContext(executionContext, resource, urls, cancellationToken) { Logger = services.Loggers.GetLogger(resource) };
        foreach (var callback in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
            await callback.Callback(context).ConfigureAwait(false);
        var snapshots = urls.Select(u => new UrlSnapshot(u.Endpoint?.EndpointName, Absolute(u), u.DisplayLocation == UrlDisplayLocation.DetailsOnly)
        {
            IsInactive = true,
            DisplayProperties = new(u.DisplayText ?? ""),
        }).ToImmutableArray();
        await notifications.PublishUpdateAsync(resource, s => s with { Urls = snapshots }).ConfigureAwait(false);

        static string Absolute(ResourceUrlAnnotation url) =>
            url.Url.StartsWith('/') && url.Endpoint is { } endpoint ? new Uri(new Uri(endpoint.Url), url.Url).ToString() : url.Url;
    }

    private IEnumerable<ResourcePropertySnapshot> InitialProperties(IResource resource)
    {
        if (resource is ProjectResource project)
        {
            yield return new("project.path", project.GetProjectMetadata().ProjectPath) { DisplayName = "Project", IsHighlighted = true, SortOrder = 0 };
            yield return new("project.launchProfile", project.GetLaunchProfile(configuration["DOTNET_LAUNCH_PROFILE"])?.Name) { DisplayName = "Launch profile", IsHighlighted = true, SortOrder = 1 };
        }

        var parent = (resource as IResourceWithParent)?.Parent
            ?? resource.Annotations.OfType<ResourceRelationshipAnnotation>().LastOrDefault(r => r.Type == "Parent")?.Resource;
        // A row below its parent's in the dashboard.
        if (parent?.GetResourceIds() is [var only])
            yield return new("resource.parentName", only);
    }

    private async Task ShowConnectionStringAsync(IResourceWithConnectionString resource, CancellationToken cancellationToken)
    {
        // A parameter that is missing shows as such; who needs it waits for it, or fails.
        if (resource is ParameterResource)
            return;
        var connectionString = await resource.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false);
        await notifications.PublishUpdateAsync(resource, s => s with
        {
            Properties = s.Properties.Set(new ResourcePropertySnapshot(CustomResourceKnownProperties.ConnectionString, connectionString) { IsSensitive = true }),
        }).ConfigureAwait(false);
    }

    private Task ShowParameterAsync(ParameterResource parameter)
    {
        string? value = null;
        try
        {
            value = parameter.CurrentValue;
        }
        catch (MissingParameterValueException e)
        {
            services.Loggers.Log(parameter.Name).Write(e.Message, isError: true);
            // Without a dashboard nobody can supply it later: whoever needs it fails at once.
            if (!options.DisableDashboard)
                parameter.Awaited = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return notifications.PublishUpdateAsync(parameter, s => s with
        {
            State = value is null ? new ResourceStateSnapshot(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Warn) : KnownResourceStates.Running,
            Properties = s.Properties.Set(
                new(CustomResourceKnownProperties.Source, parameter.ConfigurationKey),
                new("Value", value) { IsSensitive = parameter.Secret, DisplayName = "Value", IsHighlighted = true, SortOrder = 0 }),
        });
    }
}
