using CogniForge.ServingDemo;

using var serving = new ServingClient(
    new Uri(args is [var address] ? address : "http://localhost:5202"),
    Environment.GetEnvironmentVariable("COGNIFORGE_API_KEY")
);
try
{
    await new Demo(serving, Console.Out, TimeProvider.System).RunAsync();
    return 0;
}
catch (DemoException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (HttpRequestException e)
{
    await Console.Error.WriteLineAsync($"serving does not respond: {e.Message}");
    return 1;
}
