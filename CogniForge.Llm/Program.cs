using CogniForge.Llm;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Gateway.OpenApi;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.PassThrough;
using CogniForge.Llm.RequestLog;
using CogniForge.Messaging;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Hosting;
using CogniForge.ServiceDefaults.OpenApi;

StartErrors.WriteReasonOnly();
var builder = WebApplication.CreateBuilder(args);

// The gateway works without its servers: meanwhile, entries of the request log wait in the journal.
var available = builder.AddServiceDefaults(
    new ServiceDescription("llm", "llmdb", typeof(Program).Assembly),
    RequiredDependencies.None
);
builder.AddMessaging(available, RequiredDependencies.None);
builder.Services.AddOpenApi(options =>
{
    OpenApiDefaults.Configure(
        options,
        "CogniForge LLM gateway",
        "Serves unmodified OpenAI and Anthropic SDKs with the models of any provider."
    );
    options.AddSchemaTransformer(OneOfAttribute.DescribeAsync);
});
builder.Services.AddLlmGateway(available);

var app = builder.Build();
app.UseServiceDefaults();
app.MapInference();
app.MapPassThrough();
app.MapModels();
app.MapRoutes();
app.MapProviders();
app.MapPrices();
app.MapProjects();
app.MapBudgets();
app.MapUsage();
app.MapRequests();
app.MapCache();

// Created here, so that an invalid provider or route ends the start.
_ = app.Services.GetRequiredService<InferencePipeline>();
app.RunService();
