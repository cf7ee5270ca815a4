using Microsoft.Extensions.DependencyInjection;

namespace Refit;

public static class HttpClientFactoryExtensions
{
    public static IHttpClientBuilder AddRefitClient<T>(this IServiceCollection services, RefitSettings? settings = null, string? httpClientName = null)
        where T : class => services.AddRefitClient<T>(_ => settings, httpClientName);

    public static IHttpClientBuilder AddRefitClient<T>(
        this IServiceCollection services, Func<IServiceProvider, RefitSettings?>? settingsAction, string? httpClientName = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton(provider => new Described<T>(new(typeof(T), settingsAction?.Invoke(provider))));
        return services.AddHttpClient(httpClientName ?? typeof(T).ToString())
            .AddTypedClient((client, provider) => RestClient.Create<T>(client, provider.GetRequiredService<Described<T>>().Interface));
    }

    private sealed record Described<T>(RestInterface Interface);
}
