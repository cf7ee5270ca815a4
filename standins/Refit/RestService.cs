namespace Refit;

public static class RestService
{
    public static T For<T>(HttpClient client) => For<T>(client, (RefitSettings?)null);

    public static T For<T>(HttpClient client, RefitSettings? settings) => RestClient.Create<T>(client, new(typeof(T), settings));

    public static T For<T>(string hostUrl) => For<T>(hostUrl, null);

    public static T For<T>(string hostUrl, RefitSettings? settings)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(hostUrl);
        return For<T>(new HttpClient { BaseAddress = new(hostUrl.TrimEnd('/')) }, settings);
    }
}
