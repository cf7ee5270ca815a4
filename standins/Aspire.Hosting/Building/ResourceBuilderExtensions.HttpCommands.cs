using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(this IResourceBuilder<TResource> builder, string path, string displayName, string? endpointName = null, string? commandName = null, HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints =>
        builder.WithHttpCommand(path, displayName, () => SelectHttpEndpoint(builder.Resource, endpointName, "command"), commandName, commandOptions);

    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(this IResourceBuilder<TResource> builder, string path, string displayName, Func<EndpointReference>? endpointSelector, string? commandName = null, HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints
    {
        var endpoint = endpointSelector?.Invoke() ?? SelectHttpEndpoint(builder.Resource, endpointName: null, "command");
        var options = commandOptions ?? new HttpCommandOptions();
        options.Method ??= HttpMethod.Post;
        options.UpdateState ??= context => context.ResourceSnapshot.State?.Text is { } state && (state == KnownResourceStates.Running || state == KnownResourceStates.RuntimeUnhealthy)
            ? ResourceCommandState.Enabled
            : ResourceCommandState.Disabled;
        var name = commandName ?? $"{endpoint.Resource.Name}-{endpoint.EndpointName}-http-{options.Method.Method.ToLowerInvariant()}-{path}";
        return builder.WithCommand(name, displayName, context => SendAsync(context, endpoint, path, options), options);
    }

    private static async Task<ExecuteCommandResult> SendAsync(ExecuteCommandContext context, EndpointReference endpoint, string path, HttpCommandOptions options)
    {
        var client = context.Services.GetRequiredService<IHttpClientFactory>().CreateClient(options.HttpClientName ?? Options.DefaultName);
        // Whoever runs a command can cancel it, and it may take its time.
        if (options.HttpClientName is null)
            client.Timeout = Timeout.InfiniteTimeSpan;
        using var request = new HttpRequestMessage(options.Method!, new UriBuilder(endpoint.Url) { Path = path }.Uri);
        try
        {
            if (options.PrepareRequest is { } prepare)
            {
                await prepare(new HttpCommandRequestContext
                {
                    Services = context.Services,
                    ResourceName = context.ResourceName,
                    Endpoint = endpoint,
                    HttpClient = client,
                    Request = request,
                    CancellationToken = context.CancellationToken,
                }).ConfigureAwait(false);
            }

            using var response = await client.SendAsync(request, context.CancellationToken).ConfigureAwait(false);
            if (options.GetCommandResult is not { } getResult)
                return response.IsSuccessStatusCode ? CommandResults.Success() : CommandResults.Failure($"Request failed with status code {response.StatusCode}");
            return await getResult(new HttpCommandResultContext
            {
                Services = context.Services,
                ResourceName = context.ResourceName,
                Endpoint = endpoint,
                HttpClient = client,
                Response = response,
                CancellationToken = context.CancellationToken,
            }).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            return CommandResults.Failure(e);
        }
    }
}
